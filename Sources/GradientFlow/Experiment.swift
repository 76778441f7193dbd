// What a gradient-flow experiment runs: sizes, seeds, a variant, and how networks are drawn.

import CellKit
public import Diagnostics
import Glibc
public import Recurrence

/// A gradient-flow experiment: random networks of one size, a loss, and the gradient by every state at every step.
public struct Experiment: Sendable, Hashable {
  /// The size of every state.
  public var hidden: Int
  /// The number of steps T.
  public var steps: Int
  /// The number of samples in a batch.
  public var batch: Int
  /// How many networks are drawn.
  public var seeds: Int
  /// The seed of the first network; the others follow.
  public var firstSeed: UInt64
  /// How networks are drawn and run.
  public var variant: Variant
  /// Other sizes than the sheet's, by letter, such as D.
  public var otherSizes: [String: Int] = [:]

  /// An experiment by its sizes.
  public init(
    hidden: Int = 32, steps: Int = 100, batch: Int = 8, seeds: Int = 20, firstSeed: UInt64 = 1,
    variant: Variant = .uniform, otherSizes: [String: Int] = [:]
  ) {
    self.hidden = hidden
    self.steps = steps
    self.batch = batch
    self.seeds = seeds
    self.firstSeed = firstSeed
    self.variant = variant
    self.otherSizes = otherSizes
  }

  /// The sizes at which submitted cells run: they have three seconds.
  public static let forSubmissions = Experiment(hidden: 16, steps: 100, batch: 4, seeds: 20)

  /// The sizes of a cell: states get `hidden`, the batch `batch`, everything else what the sheet says.
  public func sizes(for cell: Cell) -> Sizes {
    var letters = cell.declaration.sizes
    for (letter, size) in otherSizes where letters[letter] != nil { letters[letter] = size }
    for letter in Self.hiddenLetters(of: cell) { letters[letter] = hidden }
    letters["N"] = batch
    return Sizes(letters, steps: steps)
  }

  /// The letters that the sizes of states are made of.
  static func hiddenLetters(of cell: Cell) -> Set<String> {
    var letters: Set<String> = []
    for state in cell.quantities.states {
      if case .vector(let size) = state.shape.axes { letters.formUnion(size.letters) }
    }
    return letters
  }

  /// Why a variant says nothing about a cell.
  public struct DoesNotApply: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the cell lacks.
    public let message: Message
    /// The same in English.
    public var description: String { message.english }
  }

  /// The cell that is run: the sheet's own, or with the variant's activation.
  ///
  /// - Throws: `DoesNotApply` where the variant asks for what the cell does not have.
  public func cell(for cell: Cell) throws -> Cell {
    let anatomy = CellAnatomy(cell)
    if variant.forget != nil {
      guard !anatomy.forgetGates.isEmpty else {
        throw DoesNotApply(message: "no gate keeps its state, so that no bias can be set")
      }
      guard anatomy.forgetGates.contains(where: { !anatomy.biases(of: $0).isEmpty }) else {
        throw DoesNotApply(message: "the gate that keeps its state has no bias")
      }
    }
    if let misfit = NetworkDraw(self, cell).misfit { throw DoesNotApply(message: misfit) }
    guard let activation = variant.activation else { return cell }
    guard let changed = try cell.substituting(activation) else {
      throw DoesNotApply(message: "its equations have neither tanh nor ReLU to replace")
    }
    return changed
  }

  /// The network of one seed.
  ///
  /// Parameters come as the variant says; inputs from the standard normal distribution; initial states are zero. The loss
  /// is ⟨v, h_T⟩ with a standard normal v, or the sum of such over all steps, where h is the state called so, or the
  /// first one. Variants share inputs and loss, so that curves of one seed differ by what the variants differ in.
  public func network(of cell: Cell, seed: UInt64) -> Case {
    let sizes = sizes(for: cell)
    let parameters = NetworkDraw(self, cell).parameters(seed: seed)
    func drawn(_ quantity: Quantity, _ generator: inout SeededGenerator) -> Matrix {
      let (rows, columns) = sizes.storage(quantity.shape, cell.layout)
      return RandomMatrix.gaussian(rows, columns, deviation: 1, &generator)
    }
    var inputGenerator = SeededGenerator(seed: seed, stream: 2)
    let inputs = cell.quantities.inputs.map { quantity in
      (0..<steps).map { _ in drawn(quantity, &inputGenerator) }
    }
    let initial = cell.quantities.states.map { quantity in
      let (rows, columns) = sizes.storage(quantity.shape, cell.layout)
      return Matrix.zeros(rows, columns)
    }
    var lossGenerator = SeededGenerator(seed: seed, stream: 3)
    let seen = Experiment.observedState(of: cell)
    let upstream = cell.quantities.results.enumerated().map { index, quantity in
      (1...steps).reversed().map { step in
        index == seen && (step == steps || variant.hasLossAtEveryStep)
          ? Optional(drawn(quantity, &lossGenerator)) : nil
      }.reversed() as [Matrix?]
    }
    return Case(parameters: parameters, inputs: inputs, initial: initial, upstream: upstream)
  }

  /// The state that the loss sees: the one called h, or the first.
  public static func observedState(of cell: Cell) -> Int {
    cell.quantities.states.firstIndex { $0.swift == "h" } ?? 0
  }

  /// The seeds of its networks, in order.
  public var networkSeeds: [UInt64] { (0..<UInt64(seeds)).map { firstSeed &+ $0 } }
}
