// What a text leaves unsaid about its cell, or says of two: each right line beside a wrong one that nothing rescues.

import Derivation
import Diagnostics
import Foundation
import Sheets
import Testing

@Suite struct CellsOfTextTests {
  private static func report(_ exercise: String, _ text: String) throws -> DerivationReport {
    let sheet = try CorpusEntry.sheet(exercise)
    let task = try #require(sheet.tasks.first { $0.kind == .derivation })
    return try DerivationChecker(cell: try #require(sheet.cell), goals: task.goals, given: task.given)
      .check(SourceText(name: "derivation.md", text: text), seed: 1)
  }

  private static func words(_ report: DerivationReport) -> [String] {
    report.chains.flatMap(\.links).map(\.verdict.rawValue)
  }

  private static let plain = #"$$h_t = \tanh(V x_t + R h_{t-1} + e)$$ "#
  private static let gated = #"""
    $$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$$ $$i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)$$
    $$o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)$$ $$\tilde{c}_t = \tanh(W_c x_t + U_c h_{t-1} + b_c)$$
    $$c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t$$ $$h_t = o_t \odot \tanh(c_t)$$
    """#

  @Test("a text about a plain cell and then the sheet's: each line is judged on the cell that it is about")
  func twoCells() throws {
    let text = #"""
      \#(Self.plain) $$\frac{\partial h_t}{\partial h_{t-1}} = R^\top \operatorname{diag}(1 - h_t^2)$$
      $$\frac{\partial h_t}{\partial h_{t-1}} = R \operatorname{diag}(1 - h_t^2)$$

      \#(Self.gated)

      $$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}$$
      $$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_t$$
      """#
    let report = try Self.report("nndl-6-4", text)
    let words = Self.words(report)
    let told = report.chains.flatMap(\.links).map { "\($0.verdict): \($0.read) — \($0.text.english)" }
    #expect(words.prefix(3) == ["definition", "holds", "doesNotHold"], "\(told)")
    #expect(words.suffix(2) == ["holds", "doesNotHold"], "\(told)")
    #expect(!words.contains("notUnderstood"), "\(told)")
    #expect(report.reading.contains { $0.text.english.contains("another cell") })
    #expect(report.goals.allSatisfy { !$0.earned })
  }

  @Test("another cell than the sheet's is not cut down to a part that fits") func noPartOfACell() throws {
    let peephole = Self.gated.replacingOccurrences(
      of: #"U_f h_{t-1} + b_f"#, with: #"U_f h_{t-1} + v \odot c_{t-1} + b_f"#)
    let recursion =
      #"$$\frac{\partial L}{\partial v} = \sum_t \frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t) \odot c_{t-1}$$"#
    let report = try Self.report("nndl-6-4", peephole + "\n\n" + recursion)
    #expect(report.reading.contains { $0.text.english.contains("is not this sheet's") })
  }

  @Test("an output that the text uses and does not state") func assumedOutput() throws {
    let chain =
      #"$$\frac{\partial L_t}{\partial h_t} = \frac{\partial \hat y_t}{\partial h_t} \frac{\partial L_t}{\partial \hat y_t}$$ "#
    let right = try Self.report("rnn-bptt", chain)
    #expect(Self.words(right) == ["holds"], "\(right.chains.flatMap(\.links).map(\.text.english))")
    #expect(right.reading.contains { $0.text.english.contains("nowhere stated") })
    // What is true of some outputs only is not true of this one.
    for wrong in [
      #"$$\frac{\partial \hat y_t}{\partial h_t} = \frac{\partial \hat y_{t-1}}{\partial h_{t-1}}$$"#,
      #"$$\frac{\partial L}{\partial h_t} = \frac{\partial \hat y_t}{\partial h_t} \frac{\partial L_t}{\partial \hat y_t}$$"#,
      #"$$\frac{\partial L_t}{\partial h_t} = \frac{\partial L_t}{\partial \hat y_t}$$"#,
    ] {
      #expect(Self.words(try Self.report("rnn-bptt", chain + wrong)) == ["holds", "doesNotHold"], "\(wrong)")
    }
  }

  @Test("an error under the name of a gate that is, by its value, the one of the gate's argument") func shiftedError()
    throws
  {
    let line = #"$$\delta f_t = \delta c_t \odot c_{t-1} \odot f_t \odot (1 - f_t)$$ "#
    let sum = #"$$\frac{\partial L}{\partial b_f} = \sum_t \delta f_t$$"#
    let report = try Self.report("nndl-6-4", line + sum)
    #expect(Self.words(report) == ["holds", "holds"], "\(report.chains.flatMap(\.links).map(\.text.english))")
    #expect(report.reading.contains { $0.text.english.contains("found by its value") })
    // The convention stands where the text's own formula fits neither.
    let slip = #"$$\delta f_t = \delta c_t \odot c_{t-1} \odot f_t$$ "#
    #expect(Self.words(try Self.report("nndl-6-4", slip + sum)).allSatisfy { $0 != "holds" })
    let gate = #"$$\delta f_t = \delta c_t \odot c_{t-1}$$ "#
    #expect(Self.words(try Self.report("nndl-6-4", gate + sum)) == ["holds", "doesNotHold"])
    // Two lines that say two things of one name are not both right.
    #expect(Self.words(try Self.report("nndl-6-4", line + gate)) == ["doesNotHold", "holds"])
  }
}
