// The slip that explains a model's wrong numbers: each is made with the reference, and compared.

import CellKit
import Diagnosis
import Models
import Recurrence
import SubmissionHost

/// Names slips in a model's loss, sampling and clipping.
struct ModelDiagnostician: Sendable {
  /// Numbers that agree this well come from the same formula.
  private static let tolerance = 1e-7

  let model: SequenceModel
  let draws: [ModelDraw]
  /// What explains each gradient.
  private var gradients: [ModelJudge.Item: Diagnosis] = [:]
  /// What stands in the gradients where the softmax belongs.
  private var inGradients: ModelSlip?

  /// - Parameter batches: all that was answered; the gradients are explained together.
  init(_ model: SequenceModel, _ draws: [ModelDraw], _ batches: [ModelJudge.Batch]) {
    (self.model, self.draws) = (model, draws)
    for batch in batches where batch.failure == nil {
      let items = (batch.items.last ?? []).filter { if case .gradient = $0 { true } else { false } }
      if items.contains(where: { batch.finding($0) != .agrees }) { explainGradients(batch, items) }
    }
  }

  private mutating func explainGradients(_ batch: ModelJudge.Batch, _ items: [ModelJudge.Item]) {
    guard let received = answers(batch, list: \.lists.last), received.count == draws.count,
      received.allSatisfy({ $0.count == items.count })
    else { return }
    let step = ModelGradients(model, draws)
    // What is wrong with all of them at once goes before what is wrong on the way.
    if let slip = lossSlip(batch, \.gradients) {
      for item in items { gradients[item] = Self.told(slip) }
      return
    }
    inGradients = ModelProbabilities(model, draws, step).gradients.first { agree($0.gradients, received) }?.slip
    if let inGradients {
      for item in items { gradients[item] = Self.told(inGradients) }
      return
    }
    for (index, diagnosis) in step.diagnose(received) { gradients[.gradient(index)] = diagnosis }
  }

  /// What explains the wrong numbers of some calls, if one slip does.
  func diagnose(_ batch: ModelJudge.Batch, for item: ModelJudge.Item, seed: UInt64) -> Diagnosis? {
    guard batch.failure == nil else { return nil }
    if case .gradient = item { return gradients[item] }
    let slip: ModelSlip? =
      switch item {
      case .result, .gradient: nil
      case .loss: lossSlip(batch) { [Matrix(rows: 1, columns: 1, repeating: $0.loss)] } ?? probabilitySlip(batch)
      case .sample(let temperature): samplingSlip(batch, temperature, seed: seed)
      case .clippedBefore, .clippedAfter, .clippedBlocks: clippingSlip(batch)
      case .training: nil
      }
    return slip.map(Self.told)
  }

  private static func told(_ slip: ModelSlip) -> Diagnosis {
    Diagnosis(fault: slip.rawValue, cause: .model(slip), path: [])
  }

  /// The matrices of an answer's list: of the loss, the gradients, the words or the clipped blocks.
  private func answers(_ batch: ModelJudge.Batch, list: (Answer) -> [BlockValue]?) -> [[Matrix]]? {
    var all: [[Matrix]] = []
    for outcome in batch.outcomes {
      guard case .answered(let answer) = outcome, let values = list(answer) else { return nil }
      var matrices: [Matrix] = []
      for value in values {
        guard case .matrix(let matrix) = value else { return nil }
        matrices.append(matrix)
      }
      all.append(matrices)
    }
    return all
  }

  private func agree(_ left: [[Matrix]], _ right: [[Matrix]]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { left, right in
      left.count == right.count
        && zip(left, right).allSatisfy { a, b in
          a.rows == b.rows && a.columns == b.columns
            && Comparison.difference(expected: a, received: b).relativeError <= Self.tolerance
        }
    }
  }

  // MARK: Loss

  private func lossSlip(_ batch: ModelJudge.Batch, _ part: (ModelValues) -> [Matrix]) -> ModelSlip? {
    guard let received = answers(batch, list: \.lists.last), received.count == draws.count else { return nil }
    return SequenceModel.Weighting.allCases.filter { $0 != .stated }.first { weighting in
      let made = draws.map { model.values($0.batch, $0.parameters, letters: $0.letters, weighting: weighting) }
      return agree(made.map(part), received)
    }.map { weighting in
      switch weighting {
      case .withoutMask: .maskIgnored
      case .otherAverage: model.average == .samples ? .dividedByTargets : .dividedBySamples
      case .everyPlace: .dividedByEveryPlace
      case .sum, .stated: .notDivided
      }
    }
  }

  /// What stands in the loss where the softmax belongs; where the loss has no value, the gradients decide.
  private func probabilitySlip(_ batch: ModelJudge.Batch) -> ModelSlip? {
    var received: [Double] = []
    for outcome in batch.outcomes {
      guard case .answered(let answer) = outcome else { return nil }
      switch answer.lists.last?.first {
      case .matrix(let matrix), .nonFinite(let matrix): received.append(matrix.elements.first ?? .nan)
      default: return nil
      }
    }
    let slips = ModelProbabilities(model, draws, ModelGradients(model, draws)).losses.filter { way in
      zip(way.losses, received).allSatisfy { made, received in
        made.isFinite ? abs(made - received) <= Self.tolerance * abs(made) : !received.isFinite
      }
    }.map(\.slip)
    if let inGradients, slips.contains(inGradients) { return inGradients }
    return received.allSatisfy(\.isFinite) ? slips.first : nil
  }

  // MARK: Sampling

  private func samplingSlip(_ batch: ModelJudge.Batch, _ temperature: Double, seed: UInt64) -> ModelSlip? {
    guard let received = answers(batch, list: \.lists.first) else { return nil }
    let draws = SamplingDraw.several(model, temperature: temperature, seed: seed)
    let stated: SequenceModel.Choice = temperature > 0 ? .random(temperature: temperature) : .greedy
    var ways: [(slip: ModelSlip, choice: SequenceModel.Choice, carried: SequenceModel.Carried)] = []
    if temperature > 0 {
      ways += [
        (.alwaysLikeliest, .greedy, .everything), (.temperatureIgnored, .untempered, .everything),
        (.temperatureMultiplied, .multiplied(temperature: temperature), .everything),
        (.probabilitiesDivided, .dividedAfter(temperature: temperature), .everything),
        (.singleProbability, .single(temperature: temperature), .everything),
      ]
    }
    ways.append((.firstWordAgain, stated, .statesAlone))
    ways += model.step.quantities.states.indices.map { (.stateNotCarried, stated, .allBut(state: $0)) }
    return ways.first { way in
      agree(
        draws.map { draw in
          model.sample(
            start: draw.draw.batch.start, first: draw.draw.batch.words[0], random: draw.random, way.choice,
            draw.draw.parameters, letters: draw.draw.letters, carried: way.carried
          ).words
        }, received)
    }?.slip
  }

  // MARK: Clipping

  private func clippingSlip(_ batch: ModelJudge.Batch) -> ModelSlip? {
    guard let received = answers(batch, list: \.lists.first) else { return nil }
    let given = batch.calls.map { (blocks: $0.lists[0], limit: $0.lists[1][0][0, 0]) }
    func made(_ clip: ([Matrix], Double) -> [Matrix]) -> Bool {
      agree(given.map { clip($0.blocks, $0.limit) }, received)
    }
    if made({ blocks, limit in blocks.map { $0.map { Swift.max(-limit, Swift.min(limit, $0)) } } }) {
      return .clippedEntries
    }
    if made({ blocks, limit in blocks.map { limit / FrobeniusNorm.of(blocks) * $0 } }) { return .clippedShort }
    let byBlock = made { blocks, limit in
      blocks.map { block in
        let norm = FrobeniusNorm.of([block])
        return norm > limit ? limit / norm * block : block
      }
    }
    return byBlock ? .clippedBlocks : nil
  }
}
