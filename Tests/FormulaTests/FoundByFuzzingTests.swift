// Inputs on which a fuzzer once broke the reader.

import Diagnostics
import Formula
import Testing

@Suite struct FoundByFuzzingTests {
  /// Each subset of the indices was a candidate for the times: 2^60 of them.
  @Test func manyIndices() {
    let text = "h_{" + String(repeating: "t,", count: 60) + "t} = h_{" + String(repeating: "a,", count: 60) + "t}"
    var vocabulary = Vocabulary()
    vocabulary.declare(Name(base: "h"), as: .timed)
    let excerpt = SourceExcerpt(SourceText(name: "test", text: text))
    #expect(throws: DiagnosticList.self) {
      try FormulaReader.forwardEquations([excerpt], vocabulary: &vocabulary)
    }
  }
}
