// The forward equations of a cell: how names and times are read, and where each slip is told.

import Diagnostics
import Testing

@testable import Formula

private func read(_ text: String) throws(DiagnosticList) -> [ForwardEquation] {
  var vocabulary = Vocabulary()
  for name in ["x", "h", "c"] { vocabulary.declare(Name(base: name), as: .timed) }
  for label in ["f", "i"] { vocabulary.declare(Name(base: "W", label: [label]), as: .untimed) }
  for name in ["U", "b"] { vocabulary.declare(Name(base: name), as: .untimed) }
  return try FormulaReader.forwardEquations(
    [SourceExcerpt(SourceText(name: "sheet.md", text: text))], vocabulary: &vocabulary)
}

@Suite struct ForwardReaderTests {
  /// The same equation as people write it.
  @Test(arguments: [
    "h_t = \\tanh(U h_{t-1} + b)", "\\mathbf{h}_t = \\tanh(\\mathbf U h_{t - 1} + b).",
    "h^{(t)} = \\tanh(U h^{(t-1)} + b)",
    "h_t = \\tanh \\left( U \\, h_{prev} + b \\right)",
    "\\begin{aligned} h_t &= \\tanh(U h_{t-1} \\\\ &+ b) \\end{aligned}",
    "hₜ = \\tanh(U hₜ₋₁ + b)", "h[t] = \\tanh(U h[t-1] + b) % the state",
  ])
  func spellingsOfOneEquation(_ text: String) throws {
    let equations = try read(text)
    let plain = try read("h_t = \\tanh(U h_{t-1} + b)")
    #expect(equations.map(\.left) == plain.map(\.left))
    #expect(equations.map(\.right) == plain.map(\.right))
  }

  @Test func aLabelIsNoTime() throws {
    let equation = try #require(try read("a_{i,t} = W_i x_t").first)
    #expect(equation.left == [Expression.Symbol(Name(base: "a", label: ["i"]), times: [.present])])
  }

  @Test func aLeftSideSplitsEqually() throws {
    let equation = try #require(try read("[a_{i,t}, a_{f,t}] = U h_{t-1} + b").first)
    #expect(equation.left.map(\.name.latex) == ["a_i", "a_f"])
  }

  @Test func hadamardIsLooserThanAProduct() throws {
    let equation = try #require(try read("c_t = U h_{t-1} \\odot x_t + b").first)
    guard case .sum(let first, _) = equation.right.kind, case .hadamard(let product, _) = first.kind,
      case .product = product.kind
    else { return #expect(Bool(false), "read as \(equation.right.kind)") }
  }

  /// A slip, the place of its caret, and a word of its message.
  @Test(arguments: [
    ("h_t = (U x_t", 1, 7, "never closed"), ("h_t = h_t-1", 1, 7, "two readings"), ("h_t = tanh(b)", 1, 7, "backslash"),
    ("h_t = b\nc_t = 3 +", 2, 9, "missing"), ("h_t = c_t = b", 1, 11, "one `=`"), ("h_t = f_t'", 1, 10, "prime"),
    ("h_t = b = ", 1, 9, "one `=`"), ("= b", 1, 1, "empty"), ("h_t = \\frac{b}", 1, 7, "argument"),
  ])
  func slipsAreToldAtTheirPlace(_ text: String, _ line: Int, _ column: Int, _ word: String) {
    let error = #expect(throws: DiagnosticList.self) { try read(text) }
    let first = error?.diagnostics.first
    #expect(first?.position == SourcePosition(line: line, column: column), "\(String(describing: error))")
    #expect(first?.message.contains(word) == true, "\(String(describing: error))")
  }
}
