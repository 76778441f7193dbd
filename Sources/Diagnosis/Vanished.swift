// Blocks that are right at ordinary sizes and wrong over many steps, where the gradient has all but vanished.

import CellKit
import Recurrence

/// What is wrong with a gradient only where it is small, or with an output only after many steps.
public struct Vanished: Sendable, Hashable {
  /// What was handed in there.
  public enum Slip: Sendable, Hashable {
    /// Only zeros.
    case zeros
    /// The right numbers times this one, as it is at the first step to go wrong.
    case multiple(Double)
    /// Numbers far larger than the right ones.
    case tooLarge
    /// The right numbers to a few digits.
    case fewDigits
    /// Other numbers.
    case other
    /// Outputs that are wrong over many steps and right over few.
    case outputs
  }

  /// What was handed in.
  public let slip: Slip
  /// The first step to go wrong in the order in which the steps are worked out, from 1; nil where no block has steps.
  public let step: Int?
  /// How many steps there are.
  public let steps: Int
  /// How large the right gradient is where it goes wrong, over what it is at the last step.
  public let size: Double

  /// A name that stays the same.
  package var id: String {
    switch slip {
    case .zeros: "vanished.zeros"
    case .multiple(-1): "vanished.negated"
    case .multiple: "vanished.multiple"
    case .tooLarge: "vanished.tooLarge"
    case .fewDigits: "vanished.fewDigits"
    case .other: "vanished.other"
    case .outputs: "manySteps.outputs"
    }
  }
}

extension Diagnostician {
  /// More than this relative error is no loss of digits.
  private static let fewDigits = 1e-2

  /// What is wrong in a sequence in which the gradient vanishes; asked for where nothing is wrong at ordinary sizes.
  package func diagnoseVanished(_ evidence: Evidence) -> [BlockAddress: Diagnosis] {
    let right = evidence.draw.right
    let steps = evidence.draw.sizes.steps
    func wrongSteps(_ place: BlockAddress) -> [Int] {
      guard let received = evidence.received[place], let expected = right[place], received.count == expected.count
      else { return [] }
      return expected.indices.filter { Matcher.error([received[$0]], [expected[$0]]) > Comparison.tolerance }
    }
    let wrong = Dictionary(
      uniqueKeysWithValues: (cell.outputPlaces + cell.gradientPlaces).map { ($0, wrongSteps($0)) }
    ).filter { !$0.value.isEmpty }
    func told(_ slip: Vanished.Slip, step: Int?, size: Double) -> Diagnosis {
      let vanished = Vanished(slip: slip, step: step.map { $0 + 1 }, steps: steps, size: size)
      return Diagnosis(fault: vanished.id, cause: .vanished(vanished), path: [])
    }
    if let first = cell.outputPlaces.compactMap({ wrong[$0]?.first }).min() {
      // What follows from wrong outputs is explained by them.
      return wrong.mapValues { _ in told(.outputs, step: first, size: 1) }
    }
    let inputs = cell.quantities.inputs.indices.map(BlockAddress.input)
    let atEnd = FrobeniusNorm.of(inputs.compactMap { right[$0]?.last })
    // Blocks that are wrong in one way are told together, from the step that is met first.
    var slips: [BlockAddress: Vanished.Slip] = [:]
    for (place, steps) in wrong { slips[place] = slip(place, steps, evidence.received, right) }
    return slips.reduce(into: [:]) { diagnoses, entry in
      let alike = slips.filter { $0.value == entry.value }.keys
      let step = alike.filter(inputs.contains).compactMap { wrong[$0]?.last }.max()
      let blocks = step.map { step in inputs.compactMap { right[$0]?[step] } } ?? right[entry.key] ?? []
      diagnoses[entry.key] = told(entry.value, step: step, size: FrobeniusNorm.of(blocks) / atEnd)
    }
  }

  /// In what way a block is wrong at the steps where it is.
  private func slip(_ place: BlockAddress, _ steps: [Int], _ received: Matrices, _ right: Matrices) -> Vanished.Slip {
    guard let received = received[place], let expected = right[place] else { return .other }
    if steps.allSatisfy({ received[$0].elements.allSatisfy { $0 == 0 } }) { return .zeros }
    let error = steps.map { Matcher.error([received[$0]], [expected[$0]]) }.max() ?? .infinity
    if error <= Self.fewDigits { return .fewDigits }
    let factors = steps.map { step -> Double? in
      let pairs = zip(received[step].elements, expected[step].elements)
      guard received[step].rows == expected[step].rows, received[step].columns == expected[step].columns,
        let largest = pairs.max(by: { abs($0.1) < abs($1.1) }), largest.1 != 0
      else { return nil }
      let factor = largest.0 / largest.1
      return Matcher.error([received[step]], [factor * expected[step]]) <= Matcher.tolerance ? factor : nil
    }
    // At each step a multiple; the factor may grow on the way back.
    if factors.allSatisfy({ $0 != nil && $0 != 0 }), let factor = factors[steps.count - 1] {
      let isWhole = abs(factor - factor.rounded()) <= Matcher.tolerance * abs(factor)
      return .multiple(isWhole ? factor.rounded() : factor)
    }
    return steps.contains { FrobeniusNorm.of([received[$0]]) > 10 * FrobeniusNorm.of([expected[$0]]) }
      ? .tooLarge : .other
  }
}
