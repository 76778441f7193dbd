// What a gradient-flow experiment runs: sizes, seeds, and how networks are drawn.

public import CellKit
public import Recurrence

/// A gradient-flow experiment: random networks of one size, a loss at the last step, and the gradient by every state.
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

  /// An experiment by its sizes.
  public init(hidden: Int = 32, steps: Int = 100, batch: Int = 8, seeds: Int = 20, firstSeed: UInt64 = 1) {
    self.hidden = hidden
    self.steps = steps
    self.batch = batch
    self.seeds = seeds
    self.firstSeed = firstSeed
  }

  /// The sizes at which submitted cells run: they have three seconds (SUBMISSIONS, "Run").
  public static let forSubmissions = Experiment(hidden: 16, steps: 100, batch: 4, seeds: 20)

  /// The name of the way in which networks are drawn: every parameter from U(−1/√H, 1/√H), PyTorch's default.
  public static let variant = "uniform"

  /// The sizes of a cell: states get `hidden`, the batch `batch`, everything else what the sheet says.
  public func sizes(for cell: Cell) -> Sizes {
    var letters = cell.declaration.sizes
    for state in cell.quantities.states {
      guard case .vector(let size) = state.shape.axes else { continue }
      for letter in size.letters { letters[letter] = hidden }
    }
    letters["N"] = batch
    return Sizes(letters, steps: steps)
  }

  /// The network of one seed.
  ///
  /// Parameters come from U(−1/√H, 1/√H), as torch.nn.RNN, LSTM and GRU draw them; inputs from the standard normal
  /// distribution; initial states are zero. The loss is ⟨v, h_T⟩ with a standard normal v, where h is the state called
  /// so, or the first one.
  public func network(of cell: Cell, seed: UInt64) -> Case {
    let sizes = sizes(for: cell)
    var generator = SeededGenerator(seed: seed, stream: 1)
    func drawn(_ quantity: Quantity, _ number: (inout SeededGenerator) -> Double) -> Matrix {
      let (rows, columns) = sizes.storage(quantity.shape, cell.layout)
      return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in number(&generator) })
    }
    let bound = 1 / Double(hidden).squareRoot()
    let parameters = cell.quantities.parameters.map { drawn($0) { bound * (2 * $0.uniform() - 1) } }
    let inputs = cell.quantities.inputs.map { quantity in (0..<steps).map { _ in drawn(quantity) { $0.normal() } } }
    let initial = cell.quantities.states.map { drawn($0) { _ in 0 } }
    let seen = Experiment.observedState(of: cell)
    let upstream = cell.quantities.results.enumerated().map { index, quantity in
      (1...steps).map { step in
        index == seen && step == steps ? Optional(drawn(quantity) { $0.normal() }) : nil
      }
    }
    return Case(parameters: parameters, inputs: inputs, initial: initial, upstream: upstream)
  }

  /// The state that the loss sees: the one called h, or the first.
  static func observedState(of cell: Cell) -> Int {
    cell.quantities.states.firstIndex { $0.swift == "h" } ?? 0
  }

  /// The seeds of its networks, in order.
  public var networkSeeds: [UInt64] { (0..<UInt64(seeds)).map { firstSeed &+ $0 } }
}
