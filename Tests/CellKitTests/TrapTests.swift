// Where shapes do not fit the program stops, and both shapes are in its last words.

import CellKit
import Testing

@Suite struct TrapTests {
  private func words(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func sumOfShapesThatDoNotFit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 3) + Matrix.zeros(3, 2)
    }
    #expect(words(result).contains("a + b: 2 × 3 and 3 × 2 do not fit"))
  }

  @Test func aColumnAndARowMakeNoMatrix() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 1) .* Matrix.zeros(1, 3)
    }
    #expect(words(result).contains("a .* b: 2 × 1 and 1 × 3 do not fit"))
  }

  @Test func product() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 3) * Matrix.zeros(2, 3)
    }
    #expect(words(result).contains("a * b: 2 × 3 and 2 × 3 do not fit"))
  }

  @Test func theLeftSideOfAnAssignmentKeepsItsShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bias = Matrix.zeros(2, 1)
      bias += Matrix.zeros(2, 3)
    }
    #expect(words(result).contains("a += b: 2 × 1 and 2 × 3 do not fit: the left side keeps its shape"))
  }

  @Test func index() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 3)[0, -1]
    }
    #expect(words(result).contains("Index out of range: [0, -1] of a 2 × 3 matrix"))
  }

  @Test func rowsOutOfRange() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 3)[rows: 1..<3]
    }
    #expect(words(result).contains("rows 1..<3 of a 2 × 3 matrix"))
  }

  @Test func unequalSplit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 3).splitColumns(2)
    }
    #expect(words(result).contains("the 3 columns of a 2 × 3 matrix do not split into 2"))
  }

  @Test func aBlockThatIsNotSet() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix.zeros(2, 3) + .notSet
    }
    #expect(words(result).contains("has not been set yet"))
  }

  @Test func todoSaysWhatAndWhere() async {
    let result = await #expect(processExitsWith: .exitCode(todoExitCode), observing: [\.standardErrorContent]) {
      let gradient: Matrix = todo("backward")
      _ = gradient
    }
    #expect(words(result).contains("TrapTests.swift:"))
    #expect(words(result).contains(": not written yet: backward\n"))
  }
}
