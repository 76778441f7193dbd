// Cells in layers: what cannot be stacked is refused in the sheet, and a slip is told with its layer.

import Diagnostics
import Formula
import Recurrence
import Sheets
import Testing

@testable import Derivation

@Suite struct LayerTests {
  private func sheet(_ cell: String, _ equations: String = "h_t = \\tanh(U h_{t-1} + W x_t)") throws -> Sheet {
    let text = """
      ---
      id: stack
      title: A stack
      cell:
        name: Stack
        sizes: {D: 3, H: 4, K: 2, N: 2}
      \(cell.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
        layers: 2
      tasks:
        - {id: essay, kind: essay, points: 10}
      ---

      # A stack

      ```math forward
      \(equations)
      ```

      """
    return try Sheet(SourceText(name: "sheet.md", text: text))
  }

  private static let plain = "input: {x: [D]}\nstate: {h: [H]}\nparameters: {U: [H, H], W: [H, D]}"

  @Test func theLayersAboveReadTheState() throws {
    let cell = try #require(try sheet(Self.plain).cell).stacked()
    let shapes = cell.quantities.parameters.map { "\($0.name.latex) \($0.shape.storage(.columns).columns)" }
    #expect(shapes == ["U^{(1)} H", "W^{(1)} D", "U^{(2)} H", "W^{(2)} H", "U^{(3)} H", "W^{(3)} H"])
    #expect(cell.quantities.inputs.map(\.name.latex) == ["x^{(1)}"])
  }

  @Test(arguments: [
    ("output: {y: [H]}\n\(plain)", "h_t = \\tanh(U h_{t-1} + W x_t)\ny_t = h_t", "no place"),
    (
      "input: {x: [H], m: [H]}\nstate: {h: [H]}\nparameters: {U: [H, H]}", "h_t = \\tanh(U h_{t-1} + x_t + m_t)",
      "one input"
    ),
    (
      "input: {x: [D+H]}\nstate: {h: [H]}\nparameters: {U: [H, H], W: [H, D+H]}", "h_t = \\tanh(U h_{t-1} + W x_t)",
      "single letter"
    ),
    (
      "input: {x: [D]}\nstate: {h: [H]}\nparameters: {'W^{(a)}': [H, D]}", "h_t = \\tanh(h_{t-1} + W^{(a)} x_t)",
      "cannot be told from a layer"
    ),
  ])
  func whatCannotBeStacked(_ cell: String, _ equations: String, _ words: String) throws {
    let error = #expect(throws: DiagnosticList.self) { try sheet(cell, equations) }
    #expect(error?.diagnostics.first?.message.contains(words) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func aSlipIsToldWithItsLayer() throws {
    let cell = try #require(try sheet(Self.plain).cell)
    let text = "```math\n\\frac{\\partial L}{\\partial h_T} = \\frac{\\partial^{+} L_T}{\\partial h_T}\n```\n"
    let link = try DerivationChecker(cell: cell).check(SourceText(name: "d.md", text: text), seed: 1).chains[0].links[0]
    #expect(link.verdict == .doesNotHold)
    #expect(link.text.english.hasPrefix("in layer 1: "))
    #expect(link.text.chinese.hasPrefix("在第 1 层："))
  }

  @Test func aNameThatLeadsUpIsZeroAboveTheTop() throws {
    let cell = try #require(try sheet(Self.plain).cell)
    let text = "```math\nq_t^{l} := h_t^{l} + W^{l+1\\top} q_t^{l+1}\n```\n"
    let chain = try DerivationChecker(cell: cell).check(SourceText(name: "d.md", text: text), seed: 1).chains[0]
    #expect(chain.notes.contains { $0.english.contains("above layer 2 it is 0") })
  }
}
