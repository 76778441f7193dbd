// Each construct of the mathematical language as a derivation writes it: what is read, and what is refused with its fix.

import Diagnostics
import Testing

@testable import Formula

/// A vocabulary like that of a gated cell.
private let vocabulary: Vocabulary = {
  var vocabulary = Vocabulary()
  for name in ["W_f", "U_f", "b_f", "U", "W", "b", "A", "V", "W^{(f)}", "W_T", "b_2"] {
    vocabulary.declare(try! FormulaReader.name(name, in: SourceText(name: "", text: ""), at: 0..<0), as: .untimed)
  }
  for name in ["x", "h", "c", "f", "i", "o", "z", "a_f", "\\tilde{c}", "\\hat{y}"] {
    vocabulary.declare(try! FormulaReader.name(name, in: SourceText(name: "", text: ""), at: 0..<0), as: .timed)
  }
  vocabulary.functions = ["g": .tanh]
  return vocabulary.forDerivations()
}()

private func statements(_ text: String) -> [Statement] {
  StatementDraft.drafts(of: SourceExcerpt(SourceText(name: "t", text: text))).map { $0.statement(vocabulary) }
}

private func shown(_ statement: Statement) -> String {
  var text = ""
  for (index, member) in statement.members.enumerated() {
    switch member.content {
    case .success(let expression): text += expression.latex
    case .failure(let failure): text += "<\(failure.message)>"
    }
    if index < statement.signs.count { text += " \(statement.signs[index].relation.rawValue) " }
  }
  if !statement.conditions.isEmpty { text += " | " + statement.conditions.map(\.latex).joined(separator: ", ") }
  return text
}

/// One row of a table: what is written, and how it is read.
struct Reading: Sendable, CustomTestStringConvertible {
  let written: String
  let read: [String]

  init(_ written: String, _ read: String...) {
    self.written = written
    self.read = read
  }

  var testDescription: String { written }
}

@Suite struct DerivationLanguageTests {
  @Test(arguments: [
    // symbol, accents, fonts
    Reading("\\boldsymbol{h}_t = \\mathbf{h}_t = \\vec h_t", "h_t = h_t = h_t"),
    Reading(
      "\\tilde c_t = \\tilde{c}_t = \\boldsymbol{\\tilde{c}}_t = \\tilde{\\boldsymbol c}_t",
      "\\tilde{c}_t = \\tilde{c}_t = \\tilde{c}_t = \\tilde{c}_t"),
    Reading("\\hat{\\boldsymbol y}_t = \\hat y_t", "\\hat{y}_t = \\hat{y}_t"),
    // label
    Reading("\\delta_{f,t} = \\delta_{t,k}", "\\delta_{f,t} = \\delta_{t,k}"),
    Reading("W^{(f)} h_t = W_T h_t + b_2", "W^{(f)} h_t = W_T h_t + b_2"),
    // time
    Reading(
      "h_{t-1} = h^{(t-1)} = h^{\\langle t-1\\rangle} = h^{<t-1>} = h[t-1] = h^{t-1}",
      "h_{t-1} = h_{t-1} = h_{t-1} = h_{t-1} = h_{t-1} = h_{t-1}"),
    Reading("h_T + h_0 = h_k", "h_T + h_0 = h_k"),
    Reading(
      "h^T = h_t^\\top = h_t^{\\mathsf T} = h_t^{\\mathrm T} = h_t^T",
      "h^\\top = h_t^\\top = h_t^\\top = h_t^\\top = h_t^\\top"),
    Reading("h^{(t-1)\\top} = h_{t-1}^\\top", "h_{t-1}^\\top = h_{t-1}^\\top"),
    Reading("h_{t'} = h_\\tau", "h_{t'} = h_{\\tau}"),
    // products and Hadamard products
    Reading("U^\\top h_t \\odot f_t = U^\\top (h_t \\odot f_t)", "(U^\\top h_t) \\odot f_t = U^\\top (h_t \\odot f_t)"),
    Reading("h_t = U \\cdot h_t = U \\times h_t", "h_t = U h_t = U h_t"),
    Reading("h_t \\circ f_t = h_t * f_t", "h_t \\odot f_t = h_t \\odot f_t"),
    // powers
    Reading("\\tanh^2(c_t) = \\tanh(c_t)^2", "\\tanh(c_t)^{2} = \\tanh(c_t)^{2}"),
    Reading("\\sigma'(z_t) = \\tanh'(z_t) = g'(z_t)", "\\sigma'(z_t) = \\tanh'(z_t) = \\tanh'(z_t)"),
    Reading("\\lVert U\\rVert^{t-k} = \\|U\\|^{t-k}", "\\lVert U\\rVert^{t - k} = \\lVert U\\rVert^{t - k}"),
    // functions
    Reading("\\tanh c_t = \\tanh(c_t)", "\\tanh(c_t) = \\tanh(c_t)"),
    Reading("e^{z_t} = \\exp(z_t)", "\\exp(z_t) = \\exp(z_t)"),
    Reading(
      "\\operatorname{diag}(f_t) = \\mathrm{diag}(f_t) = \\text{diag}(f_t)",
      "\\operatorname{diag}(f_t) = \\operatorname{diag}(f_t) = \\operatorname{diag}(f_t)"),
    // fractions and derivatives
    Reading("\\frac12 = 1/2 = \\dfrac{1}{2}", "\\frac{1}{2} = \\frac{1}{2} = \\frac{1}{2}"),
    Reading(
      "\\frac{\\partial L}{\\partial W_f} = \\partial L/\\partial W_f = \\nabla_{W_f} L = dW_f = \\frac{dL}{dW_f} = \\tfrac{\\partial \\mathcal{L}}{\\partial W_f}",
      Array(repeating: "\\frac{\\partial L}{\\partial W_f}", count: 6).joined(separator: " = ")),
    Reading(
      "\\frac{\\partial^{+} z_t}{\\partial h_{t-1}} = \\frac{\\partial^+ z_t}{\\partial h_{t-1}}",
      "\\frac{\\partial^{+} z_t}{\\partial h_{t-1}} = \\frac{\\partial^{+} z_t}{\\partial h_{t-1}}"),
    Reading(
      "dh_t = \\mathrm{d}h_t = \\frac{\\partial L}{\\partial h_t}",
      "\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L}{\\partial h_t}"),
    // blocks and constants
    Reading("[h_{t-1}; x_t] = \\begin{bmatrix} h_{t-1} \\\\ x_t \\end{bmatrix}", "[h_{t-1}; x_t] = [h_{t-1}; x_t]"),
    Reading("I + \\mathbf 1 \\mathbf{1}^\\top = \\mathbf 0", "I + \\mathbf{1} \\mathbf{1}^\\top = \\mathbf{0}"),
    // sums and products over steps
    Reading("b = \\sum_{t=1}^{T} z_t + b", "b = \\sum_{t=1}^{T} z_t + b"),
    Reading("b = \\sum_t z_t \\odot f_t", "b = \\sum_{t=1}^{T} (z_t \\odot f_t)"),
    Reading(
      "h_t = \\sum_{k<t} z_k = \\sum_{k \\le t} z_k = \\sum_{1\\le k<t} z_k",
      "h_t = \\sum_{k=1}^{t-1} z_k = \\sum_{k=1}^{t} z_k = \\sum_{k=1}^{t-1} z_k"),
    Reading(
      "h_t = \\prod_{i=k+1}^{t} \\operatorname{diag}(f_i) h_k",
      "h_t = (\\prod_{i=k+1}^{t} \\operatorname{diag}(f_i)) h_k"),
    Reading("h_t = \\bigodot_{i=k+1}^t f_i \\odot h_k", "h_t = (\\bigodot_{i=k+1}^{t} f_i) \\odot h_k"),
    Reading(
      "h_t = \\sum_{g \\in \\{f, i\\}} g_t + c_t", "h_t = f_t + i_t + c_t"),
    // The letter of a sum over labels means what the sheet says again where the sum has ended.
    Reading(
      "h_t = \\sum_{f \\in \\{i, o\\}} f_t \\odot f_t + f_t = f_t",
      "h_t = i_t \\odot i_t + o_t \\odot o_t + f_t = f_t"),
    // A note behind an equation leaves it an equation.
    Reading("h_t = c_t \\odot f_t \\in \\mathbb{R}^{H}", "h_t = c_t \\odot f_t"),
    Reading("h_t = c_t \\approx 0.3, \\quad t = T", "h_t = c_t | t = T"),
    // norms
    Reading("\\lVert U \\rVert \\le \\|U\\|_F", "\\lVert U\\rVert \\leq \\lVert U\\rVert_F"),
    Reading("\\rho(U) \\leq \\lVert U\\rVert_2", "\\rho(U) \\leq \\lVert U\\rVert"),
    // relations
    Reading("z_t := h_t", "z_t := h_t"),
    Reading("z_t \\triangleq h_t", "z_t := h_t"),
    Reading("z_t \\equiv h_t", "z_t := h_t"),
    // conditions
    Reading("h_t = c_t \\quad (t < T)", "h_t = c_t | t < T"),
    Reading("h_t = c_t, \\quad t = T", "h_t = c_t | t = T"),
    Reading("h_t = c_k, 1 \\le k \\le t", "h_t = c_k | 1 \\leq k, k \\leq t"),
    Reading("h_t = c_t \\text{ for } t \\ge 2", "h_t = c_t | t \\geq 2"),
    // rows
    Reading(
      "\\begin{aligned} h_t &= c_t \\\\[4pt] &= f_t \\tag{1} \\\\ c_t &= f_t \\end{aligned}", "h_t = c_t = f_t",
      "c_t = f_t"),
    Reading("h_t = c_t\n+ f_t % a comment\n= o_t.", "h_t = c_t + f_t = o_t"),
    Reading("h_t = c_t +\nf_t", "h_t = c_t + f_t"),
    Reading("h_t = c_t, \\quad c_t = f_t", "h_t = c_t", "c_t = f_t"),
    Reading("h_t = c_t \\Rightarrow c_t = h_t", "h_t = c_t", "c_t = h_t"),
    // Unicode
    Reading("hₜ₋₁ = σ(zₜ) ⊙ fₜ · 2", "h_{t-1} = \\sigma(z_t) \\odot (f_t 2)"),
    Reading("∂L/∂U = ∑_{t=1}^{T} zₜ hₜ₋₁ᵀ", "\\frac{\\partial L}{\\partial U} = \\sum_{t=1}^{T} (z_t h_{t-1}^\\top)"),
    Reading(
      "δ_t = ∏_{i=1}^{t} A",
      "\\delta_t = <the first factor behind `\\prod` does not mention `i`; put what is repeated into brackets>"),
    Reading("h_t \u{FF1D} \\tanh\u{FF08}c_t\u{FF09}", "h_t = \\tanh(c_t)"),
  ])
  func reads(_ row: Reading) {
    #expect(statements(row.written).map(shown) == row.read)
  }

  @Test(arguments: [
    Reading("h_t^{(t)} = c_t", "above and below"),
    Reading("h_t-1 = c_t", "h_{t-1}"),
    Reading("c_t = f_t \\odot h_t-1", "h_{t-1}"),
    Reading("f_t' = c_t", "1 - f_t"),
    Reading("A' = A", "A^\\top"),
    Reading("\\tanh c_t f_t = h_t", "brackets"),
    Reading("u_{ij} = \\sigma(z_t)", "which quantity it is an entry of"),
    Reading("(h_t)_2 = z_t", "a place"),
    Reading("h_t = \\sum z_t", "letter that runs"),
    Reading("h_t = f_t \\odot -c_t", "brackets"),
    Reading("h_t = \\frac{\\partial}{\\partial W}", "above the line"),
    Reading("h_t = \\frac{\\partial^2 L}{\\partial W}", "second derivative"),
    Reading("h_t = (c_t", "never closed"),
    Reading("h_t = c_t)", "no opening"),
    Reading("h_t = f_1 + \\dots + f_t", "dots"),
    Reading("h_t = c\u{200B}_t", "invisible"),
    Reading("h_t = \u{202E}c_t", "invisible"),
    Reading("h_t \\approx c_t", "prose"),
    Reading("\\Sigma_{t=1}^{T} z_t = b", "\\sum"),
    Reading("h_t = \\sum_{t=1}^{T} \\sum_{t=1}^{T} z_t", "another letter"),
    Reading("h_t = ", "empty"),
    Reading("\\frac{\\delta L}{\\delta W} = A", "\\partial"),
    Reading("h_t = \\nabla L", "\\nabla_W"),
    Reading("h_t = \\foo{c_t}", "\\foo"),
  ])
  func refuses(_ row: Reading) {
    let failures = statements(row.written).flatMap(\.members).compactMap { member -> Diagnostic? in
      if case .failure(let failure) = member.content { failure } else { nil }
    }
    #expect(failures.contains { $0.message.contains(row.read[0]) }, "\(failures.map(\.message))")
  }

  @Test func oneBadRowDoesNotHideTheNext() {
    let all = statements("h_t = \\foo\nc_t = f_t")
    #expect(all.count == 2)
    #expect(shown(all[1]) == "c_t = f_t")
  }

  @Test func placesAreThoseOfTheFile() throws {
    let source = SourceText(name: "t", text: "text\n  h_t = c_t \\odot \\foo\n")
    let excerpt = SourceExcerpt(source, lines: [(7, "h_t = c_t \\odot \\foo")])
    let statement = try #require(StatementDraft.drafts(of: excerpt).first?.statement(vocabulary))
    guard case .failure(let failure) = statement.members[1].content else {
      Issue.record("read")
      return
    }
    #expect(failure.position == SourcePosition(line: 2, column: 19))
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "(", count: 50_000) + "h_t" + String(repeating: ")", count: 50_000)
    let all = statements("h_t = " + deep)
    #expect(all.count == 1)
    #expect(shown(all[0]).contains("nested"))
  }
}
