// Crash reports as Swift's runtime writes them, read for a message and a place.

import Testing

@testable import SubmissionHost

@Suite struct ExchangeCrashReportTests {
  @Test func aShapeTrap() {
    let report = CrashReport(
      """
      looking
      Fatal error: a * b: 5 × 3 and 5 × 4 do not fit

      *** Signal 4: Backtracing from 0x7f0b42ef9361... done ***

      *** Program crashed: Illegal instruction at 0x00007f0b42ef9361 ***

      Thread 0 "submission" crashed:

      0               0x00007f0b42ef9361 stop(_:) + 201 in submission
      1 [ra]          0x000055adde6e2cd0 static Matrix.* infix(_:_:) + 1135 in submission
      2 [ra]          0x000055adde6dfda1 static LSTM.backward(_:_:_:) + 176 in submission at /submission/Cell.swift:12:11
      3 [ra]          0x000055adde6e085a static UnrollMain.backward(_:_:_:) + 233 in submission at /submission/UnrollMain.swift:32:17
      """, files: ["Cell.swift"])
    #expect(report.message == "a * b: 5 × 3 and 5 × 4 do not fit")
    #expect(report.place == SourcePlace(file: "Cell.swift", line: 12, column: 11))
    #expect(report.function == "static LSTM.backward(_:_:_:)")
    #expect(report.textBefore == "looking\n")
  }

  @Test func theReportItselfNamesARuntimeFailure() {
    let report = CrashReport(
      "*** Signal 4: Backtracing from 0x1... done ***\n\n*** Swift runtime failure: arithmetic overflow ***\n",
      files: [])
    #expect(report.message == "arithmetic overflow")
    #expect(report.place == nil)
    #expect(report.textBefore == "")
  }

  @Test func memory() {
    let report = CrashReport(
      "Fatal error: failed to allocate 10000000032 bytes of memory with alignment 8\n", files: [])
    #expect(report.isOutOfMemory)
  }

  @Test func printedTextIsDividedAmongTheCalls() {
    let text = "\u{1E}7 0 0\na\nb\u{1E}7 0 1\na\n\u{1E}7 1 0\nc\u{1E}8 9 9\nd\n"
    let log = PrintedLog(Array(text.utf8), nonce: 7)
    #expect(log.texts[.init(call: 0, execution: 0)] == "a\nb")
    #expect(log.texts[.init(call: 0, execution: 1)] == "a\n")
    #expect(log.texts[.init(call: 1, execution: 0)] == "c\u{1E}8 9 9\nd\n")
  }
}
