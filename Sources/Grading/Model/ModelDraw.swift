// Fresh numbers for the checks of a model, and what the reference makes of them.

import CellKit
import Diagnosis
import Formula
import Models
import Recurrence
import SubmissionHost
import Wire

/// A batch with parameters of its own at sizes that differ on every axis.
struct ModelDraw: Sendable {
  let letters: [String: Int]
  let steps: Int
  let batch: ModelBatch
  let parameters: [Matrix]

  /// Several draws for a seed.
  ///
  /// Words and targets are there in the padding too, so that whoever forgets the mask is told; sequences differ in
  /// length, so that their number, the number of targets and the number of places are three numbers.
  static func several(_ model: SequenceModel, seed: UInt64) -> [ModelDraw] {
    (0..<3).map { index in ModelDraw(model, seed: seed, stream: 200 + UInt64(index), scale: 1) }
  }

  init(_ model: SequenceModel, seed: UInt64, stream: UInt64, scale: Double) {
    var generator = SeededGenerator(seed: seed, stream: stream)
    var names: Set<String> = ["N"]
    for quantity in model.parameters + model.startInputs + model.results + [model.word] {
      let (rows, columns) = quantity.shape.storage(model.layout)
      names.formUnion(rows.letters.union(columns.letters))
    }
    var pool = Array(4..<(6 + names.count)).shuffled(using: &generator)
    var letters: [String: Int] = [:]
    for name in names.sorted() { letters[name] = pool.removeLast() }
    let steps = pool.removeLast()
    let sizes = Sizes(letters, steps: steps)
    let count = letters["N"] ?? 1

    func samples(_ entries: [[Double]]) -> Matrix { model.layout == .columns ? Matrix(entries).T : Matrix(entries) }
    func width(_ quantity: Quantity) -> Int {
      let (rows, columns) = sizes.storage(quantity.shape, model.layout)
      return model.layout == .columns ? rows : columns
    }
    func oneHot() -> Matrix {
      samples(
        (0..<count).map { _ in
          var entries = [Double](repeating: 0, count: width(model.word))
          entries[Int(generator.next() % UInt64(entries.count))] = 1
          return entries
        })
    }
    self.letters = letters
    self.steps = steps
    parameters = model.parameters.map { quantity in
      let (rows, columns) = sizes.storage(quantity.shape, model.layout)
      let inner = Double(model.layout == .columns ? columns : rows)
      let size = quantity.axes.count == 2 ? scale * 1.5 / inner.squareRoot() : 0.5
      return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in size * generator.normal() })
    }
    let start = model.startInputs.map { quantity in
      samples((0..<count).map { _ in (0..<width(quantity)).map { _ in generator.normal() } })
    }
    // The first sequence is one word short of the longest.
    let lengths = (0..<count).map {
      $0 == 0 ? steps - 1 : $0 == 1 ? steps : 2 + Int(generator.next() % UInt64(steps - 1))
    }
    batch = ModelBatch(
      start: start, words: (0..<steps).map { _ in oneHot() }, targets: (0..<steps).map { _ in oneHot() },
      mask: (0..<steps).map { step in samples(lengths.map { [step < $0 ? 1 : 0] }) })
  }

  /// The sizes as a person is told them, with the step where there is one.
  func place(step: Int?) -> DrawPlace { DrawPlace(sizes: letters.merging(["T": steps]) { $1 }, step: step) }
}

/// A draw for sampling: parameters, a first word, and numbers of chance.
struct SamplingDraw: Sendable {
  let draw: ModelDraw
  let random: [Matrix]
  let choice: SequenceModel.Choice
  let expected: [Matrix]

  /// Decisions closer than this may fall otherwise by rounding alone.
  private static let margin = 1e-6
  private static let steps = 7

  /// Two draws in which every decision is clear, and in which a forgotten or turned temperature shows.
  static func several(_ model: SequenceModel, temperature: Double, seed: UInt64) -> [SamplingDraw] {
    var found: [SamplingDraw] = []
    let first = 400 + temperature.bitPattern % 1_000_003 * 1_000
    for attempt: UInt64 in 0..<300 where found.count < 2 {
      // A temperature that is all but 1 cannot be told from 1: then clear decisions are enough.
      let next = SamplingDraw(
        model, temperature: temperature, seed: seed, stream: first + attempt, mustTell: attempt < 200)
      if let next { found.append(next) }
    }
    return found
  }

  private init?(_ model: SequenceModel, temperature: Double, seed: UInt64, stream: UInt64, mustTell: Bool) {
    let draw = ModelDraw(model, seed: seed, stream: stream, scale: 2)
    var generator = SeededGenerator(seed: seed, stream: stream &+ 1 << 40)
    let random = (0..<Self.steps).map { _ in draw.batch.mask[0].map { _ in generator.uniform() } }
    let choice: SequenceModel.Choice = temperature == 0 ? .greedy : .random(temperature: temperature)
    func sample(_ choice: SequenceModel.Choice) -> SequenceModel.Sample {
      model.sample(
        start: draw.batch.start, first: draw.batch.words[0], random: random, choice, draw.parameters,
        letters: draw.letters)
    }
    let right = sample(choice)
    guard right.margin > Self.margin else { return nil }
    if mustTell, temperature != 0, temperature != 1 {
      guard sample(.untempered).words != right.words, sample(.multiplied(temperature: temperature)).words != right.words
      else { return nil }
    }
    if mustTell, temperature != 0 { guard sample(.greedy).words != right.words else { return nil } }
    self.draw = draw
    self.random = random
    self.choice = choice
    expected = right.words
  }

  /// What the submission is asked.
  var call: Call {
    var temperature = 0.0
    if case .random(let value) = choice { temperature = value }
    return .model(
      .modelSample,
      [
        draw.parameters, draw.batch.start, [draw.batch.words[0]], random,
        [Matrix(rows: 1, columns: 1, repeating: temperature)],
      ])
  }

  func place(step: Int?) -> DrawPlace {
    DrawPlace(sizes: draw.letters.merging(["T": Self.steps]) { $1 }, step: step)
  }
}
