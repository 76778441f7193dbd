// The models of the course against PyTorch: loss, states, scores, gradients and what is written (Tests/Golden/models).

import CellKit
import Formula
import Foundation
import Models
import Recurrence
import Sheets
import TestSupport
import Testing

/// A case with the values that PyTorch gave.
struct ModelGolden: Decodable, Sendable, CustomTestStringConvertible {
  struct Written: Decodable, Sendable {
    struct Random: Decodable, Sendable {
      let temperature: Double
      let words: [[Int]]
    }

    let greedy: [[Int]]
    let random: [Random]
  }

  let name: String
  let letters: [String: Int]
  let parameters: [String: [[Double]]]
  let words: [[Int]]
  let targets: [[Int]]
  let mask: [[Int]]
  let v: [[Double]]?
  let u: [[Double]]
  let loss: Double
  let results: [String: [[[Double]]]]
  let gradients: [String: [[Double]]]
  let norm: Double
  let written: Written
  var sheet = ""

  var testDescription: String { "\(sheet): \(name)" }

  private enum CodingKeys: CodingKey {
    case name, letters, parameters, words, targets, mask, v, u, loss, results, gradients, norm, written
  }

  static let sheets = ["captioning", "text-generation"]

  static let all: [ModelGolden] = sheets.flatMap { sheet -> [ModelGolden] in
    let url = Repository.tests.appending(path: "Golden/models/\(sheet).json")
    guard let data = try? Data(contentsOf: url), let cases = try? JSONDecoder().decode([ModelGolden].self, from: data)
    else { return [] }
    return cases.map { golden in
      var golden = golden
      golden.sheet = sheet
      return golden
    }
  }

  static func model(_ sheet: String) throws -> SequenceModel {
    try #require(Sheet(path: Repository.root.appending(path: "exercises/\(sheet)/sheet.md").path).model).model
  }

  private func oneHot(_ words: [Int]) -> Matrix {
    Matrix(words.map { word in (0..<(letters["V"] ?? 0)).map { $0 == word ? 1 : 0 } })
  }

  /// The matrices of N × T words, one a step.
  func steps(_ words: [[Int]]) -> [Matrix] {
    words[0].indices.map { step in oneHot(words.map { $0[step] }) }
  }

  var batch: ModelBatch {
    ModelBatch(
      start: v.map { [Matrix($0)] } ?? [], words: steps(words), targets: steps(targets),
      mask: mask[0].indices.map { step in Matrix(mask.map { [Double($0[step])] }) })
  }

  func ordered(_ blocks: [String: [[Double]]], _ model: SequenceModel) throws -> [Matrix] {
    try model.parameters.map { Matrix(try #require(blocks[$0.swift])) }
  }
}

@Suite struct ModelGoldenTests {
  @Test func everyModelHasCases() {
    #expect(ModelGolden.all.count == 8)
    #expect(Set(ModelGolden.all.map(\.sheet)) == Set(ModelGolden.sheets))
  }

  @Test(arguments: ModelGolden.all)
  func agreesWithPyTorch(_ golden: ModelGolden) throws {
    let model = try ModelGolden.model(golden.sheet)
    let values = model.values(
      golden.batch, try golden.ordered(golden.parameters, model), letters: golden.letters)
    #expect(abs(values.loss - golden.loss) <= 1e-12 * abs(golden.loss))
    for (quantity, steps) in zip(model.results, values.results) {
      let expected = try #require(golden.results[quantity.swift])
      #expect(expected.count == steps.count)
      for (step, pair) in zip(steps, expected).enumerated() {
        #expect(relativeError(pair.0, Matrix(pair.1)) < 1e-10, "\(quantity.swift) at step \(step + 1)")
      }
    }
    let gradients = try golden.ordered(golden.gradients, model)
    for (quantity, pair) in zip(model.parameters, zip(values.gradients, gradients)) {
      #expect(relativeError(pair.0, pair.1) < 1e-10, "d\(quantity.swift)")
    }
  }

  @Test(arguments: ModelGolden.all)
  func writesTheSameWords(_ golden: ModelGolden) throws {
    let model = try ModelGolden.model(golden.sheet)
    let parameters = try golden.ordered(golden.parameters, model)
    let random = golden.u[0].indices.map { step in Matrix(golden.u.map { [$0[step]] }) }
    func write(_ choice: SequenceModel.Choice) -> [Matrix] {
      model.sample(
        start: golden.batch.start, first: golden.batch.words[0], random: random, choice, parameters,
        letters: golden.letters
      ).words
    }
    #expect(write(.greedy) == golden.steps(golden.written.greedy))
    for written in golden.written.random {
      #expect(write(.random(temperature: written.temperature)) == golden.steps(written.words))
    }
    #expect(golden.written.random.count == 3)
  }

  /// Several batches measured together are one batch: CS231n's mean is over sequences, the other over targets.
  @Test(arguments: ModelGolden.all.filter { $0.words.count > 1 })
  func theLossOfTwoBatchesIsThatOfBothTogether(_ golden: ModelGolden) throws {
    let model = try ModelGolden.model(golden.sheet)
    let whole = golden.batch
    func part(_ rows: Range<Int>) -> ModelBatch {
      ModelBatch(
        start: whole.start.map { $0[rows: rows] }, words: whole.words.map { $0[rows: rows] },
        targets: whole.targets.map { $0[rows: rows] }, mask: whole.mask.map { $0[rows: rows] })
    }
    let count = golden.words.count
    let parameters = try golden.ordered(golden.parameters, model)
    let loss = model.loss([part(0..<1), part(1..<count)], parameters, letters: golden.letters)
    #expect(abs(loss - golden.loss) <= 1e-12 * abs(golden.loss))
  }

  /// The reverse pass against differences of the loss, through the start and both ways of averaging.
  @Test(arguments: ModelGolden.sheets)
  func gradientsAgreeWithDifferences(_ sheet: String) throws {
    let golden = try #require(ModelGolden.all.first { $0.sheet == sheet })
    let model = try ModelGolden.model(sheet)
    let parameters = try golden.ordered(golden.parameters, model)
    let gradients = model.values(golden.batch, parameters, letters: golden.letters).gradients
    for (index, quantity) in model.parameters.enumerated() {
      func loss(_ step: Double) -> Double {
        var moved = parameters
        moved[index][0, 1] += step
        return model.values(golden.batch, moved, letters: golden.letters, wantsGradients: false).loss
      }
      let step = 1e-3
      let slope = (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step))) / (12 * step)
      #expect(abs(slope - gradients[index][0, 1]) < 1e-9, "\(quantity.swift)")
    }
  }
}
