// Every sheet against PyTorch's autograd in float64, block by block, with no absolute floor.

import CellKit
import Diagnostics
import Formula
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

/// A case with the values that PyTorch gave (Tests/Golden/reference/make.py).
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let sheet: String
  let name: String
  let bytes: [UInt8]
  let outputs: [String: [[[Double]]]]
  let parameterGradients: [String: [[Double]]]
  let seriesGradients: [String: [[[Double]]]]

  var testDescription: String { "\(sheet): \(name)" }

  static let sheets = [
    "rnn-step", "lstm-step", "nndl-6-3", "nndl-6-4", "nndl-6-5", "nndl-6-2p", "peephole-lstm", "minimal-gated-unit",
    "pytorch-gru", "antisymmetric-rnn", "min-gru", "co-rnn", "constant-forms", "constant-forms-rows",
    "four-activations",
  ]

  static func cell(_ sheet: String) throws -> Cell {
    let folders = [Repository.root.appending(path: "exercises"), Repository.tests.appending(path: "Fixtures/sheets")]
    let path = folders.map { $0.appending(path: "\(sheet)/sheet.md").path }
      .first { FileManager.default.fileExists(atPath: $0) }
    let sheet = try Sheet(path: try #require(path))
    return try #require(sheet.cell)
  }

  static let all: [GoldenCase] = sheets.flatMap { sheet -> [GoldenCase] in
    let url = Repository.tests.appending(path: "Golden/reference/\(sheet).json")
    guard let data = try? Data(contentsOf: url),
      let file = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = file["cases"] as? [[String: Any]]
    else { return [] }
    return cases.compactMap { item in
      guard let name = item["name"] as? String, let value = item["case"],
        let bytes = try? JSONSerialization.data(withJSONObject: value),
        let expected = item["expected"] as? [String: Any],
        let outputs = expected["outputs"] as? [String: [[[Double]]]],
        let gradients = expected["gradients"] as? [String: Any]
      else { return nil }
      return GoldenCase(
        sheet: sheet, name: name, bytes: Array(bytes), outputs: outputs,
        parameterGradients: gradients.compactMapValues { $0 as? [[Double]] },
        seriesGradients: gradients.compactMapValues { $0 as? [[[Double]]] })
    }
  }
}

/// The norm of the difference over the larger norm; 0 where both are 0.
func relativeError(_ left: Matrix, _ right: Matrix) -> Double {
  guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
  let scale = max(left.elements.map(abs).max() ?? 0, right.elements.map(abs).max() ?? 0)
  guard scale > 0 else { return 0 }
  func norm(_ entries: [Double]) -> Double { entries.reduce(0) { $0 + ($1 / scale) * ($1 / scale) }.squareRoot() }
  let difference = zip(left.elements, right.elements).map { $0 - $1 }
  return norm(difference) / max(norm(left.elements), norm(right.elements))
}

@Suite struct GoldenTests {
  @Test func everySheetHasCases() {
    #expect(Set(GoldenCase.all.map(\.sheet)) == Set(GoldenCase.sheets))
    #expect(GoldenCase.all.count == 72)
  }

  @Test(arguments: GoldenCase.all)
  func agreesWithPyTorch(_ golden: GoldenCase) throws {
    let cell = try GoldenCase.cell(golden.sheet)
    let value = try CaseFile.read(golden.bytes, for: cell) { Issue.record("unknown key \($0)") }
    let recurrence = Recurrence(cell, sizes: try cell.sizes(of: value))
    recurrence.forward(value)
    for (quantity, steps) in zip(cell.quantities.results, recurrence.outputs()) {
      let expected = try #require(golden.outputs[quantity.swift])
      #expect(expected.count == steps.count)
      for (step, pair) in zip(steps, expected).enumerated() {
        #expect(relativeError(pair.0, Matrix(pair.1)) < 1e-10, "\(quantity.swift) at step \(step + 1)")
      }
    }
    let gradients = recurrence.backward(value.upstream)
    for (quantity, gradient) in zip(cell.quantities.parameters, gradients.parameters) {
      let expected = try #require(golden.parameterGradients[quantity.swift])
      #expect(relativeError(gradient, Matrix(expected)) < 1e-10, "d\(quantity.swift)")
    }
    for (quantity, gradient) in zip(cell.quantities.states, gradients.initial) {
      let expected = try #require(golden.parameterGradients[quantity.swift])
      #expect(relativeError(gradient, Matrix(expected)) < 1e-10, "initial d\(quantity.swift)")
    }
    for (quantity, steps) in zip(cell.quantities.inputs, gradients.inputs) {
      let expected = try #require(golden.seriesGradients[quantity.swift])
      for (step, pair) in zip(steps, expected).enumerated() {
        #expect(relativeError(pair.0, Matrix(pair.1)) < 1e-10, "d\(quantity.swift) at step \(step + 1)")
      }
    }
  }

  /// Without gradients this small the claim "no absolute floor" would not have been tested.
  @Test func someGoldenGradientsAreTiny() throws {
    let smallest = GoldenCase.all.flatMap { $0.parameterGradients.values }
      .map { Matrix($0).elements.map(abs).max() ?? 0 }.filter { $0 > 0 }.min()
    #expect(try #require(smallest) < 1e-60)
  }
}

private struct GoldenJacobian: Decodable {
  let sheet: String
  let `case`: String
  let of: String
  let at: Int
  let by: String
  let from: Int
  let jacobian: [[Double]]
}

@Suite struct JacobianTests {
  @Test func agreesWithPyTorch() throws {
    let data = try Data(contentsOf: Repository.tests.appending(path: "Golden/reference/jacobians.json"))
    let all = try JSONDecoder().decode([GoldenJacobian].self, from: data)
    #expect(all.count == 24)
    for golden in all {
      let cell = try GoldenCase.cell(golden.sheet)
      let stored = try #require(GoldenCase.all.first { $0.sheet == golden.sheet && $0.name == golden.case })
      let value = try CaseFile.read(stored.bytes, for: cell) { _ in }
      let tape = Tape(cell, sizes: try cell.sizes(of: value), value)
      // The golden map goes from the whole state at k to the whole state at t, so the other states are held.
      let states = Set(cell.quantities.states.map(\.name))
      let jacobian = tape.jacobian(
        of: .init(Name(base: golden.of), at: golden.at), by: .init(Name(base: golden.by), at: golden.from),
        holding: states)
      #expect(
        relativeError(try #require(jacobian), Matrix(golden.jacobian)) < 1e-10,
        "\(golden.sheet) ∂\(golden.of)_\(golden.at)/∂\(golden.by)_\(golden.from)")
    }
  }

  /// ∂⁺: the LSTM's memory depends on the one before through the forget gate alone, its hidden state not at all.
  @Test func immediateDerivativesHoldEveryOtherName() throws {
    let cell = try GoldenCase.cell("nndl-6-4")
    let sizes = Sizes(["D": 2, "H": 3, "N": 1], steps: 4)
    let tape = Tape(cell, sizes: sizes, cell.randomCase(sizes, seed: 5))
    let (h, c) = (Name(base: "h"), Name(base: "c"))
    let forget = tape.value(try #require(cell.graph.named[Name(base: "f")]), at: 3)
    let jacobian = try #require(tape.jacobian(of: .init(c, at: 3), by: .init(c, at: 2), isImmediate: true))
    for row in 0..<3 {
      for column in 0..<3 { #expect(jacobian[row, column] == (row == column ? forget[row, 0] : 0)) }
    }
    let none = try #require(tape.jacobian(of: .init(h, at: 3), by: .init(h, at: 2), isImmediate: true))
    #expect(none == Matrix.zeros(3, 3))
    let total = try #require(tape.jacobian(of: .init(c, at: 3), by: .init(c, at: 2)))
    #expect(relativeError(total, jacobian) > 1e-3)
  }

  @Test("∂⁺ of a gate and of a squashed state: goes through the pre-activation, which the sheet names")
  func immediateDerivativesLookThroughPreActivations() throws {
    let cell = try GoldenCase.cell("nndl-6-4")
    let sizes = Sizes(["D": 2, "H": 3, "N": 1], steps: 4)
    let value = cell.randomCase(sizes, seed: 5)
    let tape = Tape(cell, sizes: sizes, value)
    let (h, f) = (Name(base: "h"), Name(base: "f"))
    let gate = tape.value(try #require(cell.graph.named[f]), at: 3)
    let index = try #require(cell.quantities.parameters.firstIndex { $0.name == Name(base: "U", label: ["f"]) })
    let jacobian = try #require(tape.jacobian(of: .init(f, at: 3), by: .init(h, at: 2), isImmediate: true))
    for row in 0..<3 {
      for column in 0..<3 {
        let slope = gate[row, 0] * (1 - gate[row, 0])
        #expect(abs(jacobian[row, column] - slope * value.parameters[index][row, column]) < 1e-14)
      }
    }
    // Where one equation follows another and nothing else, ∂⁺ is the whole derivative of the step.
    let simpleCell = try GoldenCase.cell("rnn-bptt")
    let simple = Tape(simpleCell, sizes: sizes, simpleCell.randomCase(sizes, seed: 6))
    let own = try #require(simple.jacobian(of: .init(h, at: 3), by: .init(h, at: 2), isImmediate: true))
    #expect(relativeError(own, try #require(simple.jacobian(of: .init(h, at: 3), by: .init(h, at: 2)))) < 1e-14)
  }

  @Test func nothingWhereNothingIsDefined() throws {
    let cell = try GoldenCase.cell("rnn-step")
    let sizes = Sizes(["D": 2, "H": 3, "N": 2], steps: 2)
    let tape = Tape(cell, sizes: sizes, cell.randomCase(sizes, seed: 1))
    let h = Name(base: "h")
    #expect(tape.jacobian(of: .init(h, at: 2), by: .init(h, at: 1)) == nil)
  }
}
