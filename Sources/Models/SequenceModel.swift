// A model around a cell: what the first state is made from, a loss over words that count, and its gradients.
//
// A model has no equations of its own kind. Its step is a cell whose inputs are a word, the word that should follow and
// a mask, all as numbers, and whose outputs include the scores and the step's loss; its start, where it has one, is a
// second cell without states. The loss is a weighted sum of the steps' losses, so everything comes from the two graphs.

public import CellKit
public import Recurrence

/// A sequence model as its sheet states it.
public struct SequenceModel: Sendable {
  /// What the sum of all losses is divided by.
  public enum Average: String, Sendable, Hashable, CaseIterable {
    /// By the number of sequences N, as CS231n does.
    case samples
    /// By the number of targets that count, the sum of the mask.
    case targets
  }

  /// Which quantities of the step play which part, by their place among the step's inputs and outputs.
  public struct Roles: Sendable, Hashable {
    /// The input that holds the word, one-hot.
    public var word: Int
    /// The input that holds the word that should follow, one-hot.
    public var target: Int
    /// The input that is 1 where the target counts and 0 in the padding.
    public var mask: Int
    /// The output that softmax makes probabilities of.
    public var scores: Int
    /// The output that is the step's loss of each sample.
    public var loss: Int

    /// Places among the inputs (`word`, `target`, `mask`) and among the outputs (`scores`, `loss`).
    public init(word: Int, target: Int, mask: Int, scores: Int, loss: Int) {
      self.word = word
      self.target = target
      self.mask = mask
      self.scores = scores
      self.loss = loss
    }
  }

  /// One step, from a word to scores and loss.
  public let step: Cell
  /// What makes states at time 0 from what a sequence is about; nil where all states start at zero.
  public let start: Cell?
  /// Which quantities play which part.
  public let roles: Roles
  /// What the loss is divided by.
  public let average: Average

  /// A model of its parts; `start` must have no states, and outputs that are states of `step`.
  public init(step: Cell, start: Cell?, roles: Roles, average: Average) {
    self.step = step
    self.start = start
    self.roles = roles
    self.average = average
  }

  /// How a sample lies in a matrix.
  public var layout: Layout { step.layout }
  /// What is learned: the start's parameters, then the step's.
  public var parameters: [Quantity] { (start?.quantities.parameters ?? []) + step.quantities.parameters }
  /// What a sequence is about, such as the feature of a picture.
  public var startInputs: [Quantity] { start?.quantities.inputs ?? [] }
  /// What the forward pass gives at every step but the loss: states, then outputs.
  public var results: [Quantity] {
    step.quantities.states
      + step.quantities.outputs.enumerated().filter { $0.offset != roles.loss }.map(\.element)
  }
  /// The scores.
  public var scores: Quantity { step.quantities.outputs[roles.scores] }
  /// The word's input.
  public var word: Quantity { step.quantities.inputs[roles.word] }
  /// The target's input.
  public var target: Quantity { step.quantities.inputs[roles.target] }
  /// The mask's input.
  public var mask: Quantity { step.quantities.inputs[roles.mask] }
}

/// Sequences that are computed together.
public struct ModelBatch: Sendable, Equatable {
  /// What each sequence is about, a matrix for each of the start's inputs.
  public var start: [Matrix]
  /// The words at the steps 1…T, one-hot.
  public var words: [Matrix]
  /// The words that should follow, one-hot.
  public var targets: [Matrix]
  /// 1 where a target counts, 0 in the padding.
  public var mask: [Matrix]

  /// A batch from its matrices; `words`, `targets` and `mask` have one a step.
  public init(start: [Matrix], words: [Matrix], targets: [Matrix], mask: [Matrix]) {
    self.start = start
    self.words = words
    self.targets = targets
    self.mask = mask
  }

  /// How many targets count.
  public var targetCount: Double { mask.reduce(0) { $0 + $1.elements.reduce(0, +) } }
}

/// What a model computes of a batch.
public struct ModelValues: Sendable {
  /// The loss, divided as the sheet says.
  public let loss: Double
  /// For each of the model's results, its matrix at the steps 1…T.
  public let results: [[Matrix]]
  /// The gradient of the loss by each parameter of the model.
  public let gradients: [Matrix]
}

extension SequenceModel {
  /// How the loss is weighted; all but `stated` are mistakes that can be recognised.
  public enum Weighting: Sendable, Hashable, CaseIterable {
    /// As the sheet has it.
    case stated
    /// Padding counts like words.
    case withoutMask
    /// Divided by what the sheet does not divide by: targets for samples, samples for targets.
    case otherAverage
    /// Divided by N · T, padding included.
    case everyPlace
    /// Not divided at all.
    case sum
  }

  /// Loss, results and gradients of a batch.
  ///
  /// - Parameters:
  ///   - parameters: one matrix for each of the model's parameters.
  ///   - letters: a number for every size, `N` the number of sequences.
  ///   - wantsGradients: without them the reverse pass is left out.
  public func values(
    _ batch: ModelBatch, _ parameters: [Matrix], letters: [String: Int], weighting: Weighting = .stated,
    wantsGradients: Bool = true
  ) -> ModelValues {
    let opening = self.opening(batch, parameters, letters: letters)
    var batch = batch
    if weighting == .withoutMask { batch.mask = batch.mask.map { $0.map { _ in 1 } } }
    let sizes = Sizes(letters, steps: batch.words.count)
    let run = Recurrence(step, sizes: sizes)
    let weight = self.weight(batch, letters: letters, weighting)
    let value = wholeCase(batch, parameters, letters: letters, opening, weight: weight)
    run.forward(value)
    var results = run.outputs()
    let loss = results.remove(at: lossResult).reduce(0) { $0 + weight * $1.elements.reduce(0, +) }
    var gradients: [Matrix] = []
    if wantsGradients {
      let back = run.backward(value.upstream)
      gradients = startGradients(opening, from: back.initial)
      gradients += back.parameters
    }
    return ModelValues(loss: loss, results: results, gradients: gradients)
  }

  /// The loss over several batches as if they were one.
  public func loss(_ batches: [ModelBatch], _ parameters: [Matrix], letters: [String: Int]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for batch in batches {
      var letters = letters
      letters["N"] = sampleCount(batch)
      let share = average == .samples ? Double(sampleCount(batch)) : batch.targetCount
      sum += share * values(batch, parameters, letters: letters, wantsGradients: false).loss
      count += share
    }
    return sum / count
  }

  /// How many sequences a batch has.
  public func sampleCount(_ batch: ModelBatch) -> Int {
    let words = batch.words.first ?? .notSet
    return layout == .columns ? words.columns : words.rows
  }

  private func weight(_ batch: ModelBatch, letters: [String: Int], _ weighting: Weighting) -> Double {
    let (samples, targets) = (Double(letters["N"] ?? 1), batch.targetCount)
    switch weighting {
    case .stated, .withoutMask: return 1 / (average == .samples ? samples : targets)
    case .otherAverage: return 1 / (average == .samples ? targets : samples)
    case .everyPlace: return 1 / (samples * Double(batch.words.count))
    case .sum: return 1
    }
  }

  /// The place of the loss among the step's states and outputs.
  package var lossResult: Int { step.quantities.states.count + roles.loss }

  /// The start, run forward; nil where the model has none.
  package func opening(_ batch: ModelBatch, _ parameters: [Matrix], letters: [String: Int]) -> Recurrence? {
    start.map { cell in
      let run = Recurrence(cell, sizes: Sizes(letters, steps: 1))
      run.forward(
        Case(
          parameters: Array(parameters.prefix(cell.quantities.parameters.count)), inputs: batch.start.map { [$0] },
          initial: [], upstream: cell.quantities.results.map { _ in [nil] }))
      return run
    }
  }

  /// The step over all words of a batch, with the weight of its losses as the upstream.
  ///
  /// - Parameter weight: what each loss counts in the sum; as the sheet has it where it is nil.
  package func wholeCase(
    _ batch: ModelBatch, _ parameters: [Matrix], letters: [String: Int], _ opening: Recurrence?, weight: Double? = nil
  ) -> Case {
    let weight = weight ?? self.weight(batch, letters: letters, .stated)
    let upstream = step.quantities.results.indices.map { index in
      batch.mask.map { index == lossResult ? $0.map { _ in weight } as Matrix? : nil }
    }
    let own = parameters.dropFirst(start?.quantities.parameters.count ?? 0)
    return stepCase(batch, Array(own), initial(opening, letters), upstream: upstream)
  }

  /// The gradients by the start's parameters from those by the states at time 0; empty where the model has no start.
  package func startGradients(_ opening: Recurrence?, from initial: [Matrix?]) -> [Matrix] {
    guard let start, let opening else { return [] }
    return opening.backward(
      start.quantities.results.map { quantity in
        [step.quantities.states.firstIndex { $0.name == quantity.name }.flatMap { initial[$0] }]
      }
    ).parameters
  }

  /// The states at time 0: what the start computes, zero otherwise.
  func initial(_ opening: Recurrence?, _ letters: [String: Int]) -> [Matrix] {
    let computed = opening?.outputs() ?? []
    return step.quantities.states.map { state in
      if let index = start?.quantities.results.firstIndex(where: { $0.name == state.name }) {
        return computed[index][0]
      }
      let (rows, columns) = Sizes(letters, steps: 1).storage(state.shape, layout)
      return .zeros(rows, columns)
    }
  }

  /// A case of the step over all words of a batch.
  func stepCase(
    _ batch: ModelBatch, _ parameters: [Matrix], _ initial: [Matrix], upstream: [[Matrix?]]
  ) -> Case {
    var inputs = step.quantities.inputs.map { _ in [Matrix]() }
    inputs[roles.word] = batch.words
    inputs[roles.target] = batch.targets
    inputs[roles.mask] = batch.mask
    return Case(parameters: parameters, inputs: inputs, initial: initial, upstream: upstream)
  }
}
