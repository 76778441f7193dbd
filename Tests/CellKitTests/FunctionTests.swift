// The functions of CellKit against mpmath, in saturation, at infinities and at NaN.

import CellKit
import Foundation
import TestSupport
import Testing

/// The table of Tests/Golden/primitives: arguments, value, derivatives. JSON has no NaN and no infinities.
private struct Tables: Decodable {
  struct Number: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        value = number
      } else {
        value = try #require(Double(try container.decode(String.self)))
      }
    }
  }

  struct Function: Decodable {
    let name: String
    let rows: [[Number]]
  }

  let functions: [Function]
}

@Suite struct FunctionTests {
  private func rows(_ name: String) throws -> [[Double]] {
    let data = try Data(contentsOf: Repository.tests.appending(path: "Golden/primitives/primitives.json"))
    let tables = try JSONDecoder().decode(Tables.self, from: data)
    return try #require(tables.functions.first { $0.name == name }).rows.map { $0.map(\.value) }
  }

  static let functions: [(name: String, function: @Sendable (Matrix) -> Matrix)] = [
    ("sigmoid", { sigmoid($0) }), ("tanh", { tanh($0) }), ("exp", { exp($0) }), ("log", { log($0) }),
    ("sqrt", { sqrt($0) }), ("relu", { relu($0) }), ("sin", { sin($0) }), ("cos", { cos($0) }), ("silu", { silu($0) }),
  ]

  @Test(
    "a function of CellKit: the values of mpmath to 4 units in the last place, NaN at NaN", arguments: functions.indices
  )
  func agreesWithMpmath(_ index: Int) throws {
    let (name, function) = Self.functions[index]
    for row in try rows(name) {
      let received = function(Matrix([[row[0]]]))[0, 0]
      let isSame = received.isNaN && row[1].isNaN || received == row[1] || abs(received - row[1]) <= 4 * row[1].ulp
      #expect(isSame, "\(name)(\(row[0])): \(received), expected \(row[1])")
    }
  }

  @Test("softmax with a NaN in a sample: the whole sample is NaN, the others are not")
  func softmaxWithNaN() {
    let value = softmaxOfRows(Matrix([[1, .nan, 3], [1, 2, 3]]))
    #expect((0..<3).allSatisfy { value[0, $0].isNaN && !value[1, $0].isNaN })
    let column = softmaxOfColumns(Matrix([[.nan], [0]]))
    #expect(column[0, 0].isNaN && column[1, 0].isNaN)
  }
}
