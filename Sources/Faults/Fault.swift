// The mistakes that can be made on the way back through a step, as operators on the edges of its graph.
//
// The reverse pass is a list of contributions. A fault is one row of the table (`Fault.Slip`) applied to one edge of the
// list, to all edges of one kind ("every σ′"), or to what arrives from outside the step. No author lists mistakes: the
// equations do.

public import Recurrence

/// A mistake in the reverse pass of one step: what was done, and at which edges.
public struct Fault: Sendable, Hashable {
  /// One end of time.
  public enum End: String, Sendable, Hashable, CaseIterable {
    case first, last
  }

  /// What was done.
  public let slip: Slip
  /// At which edges of the graph's list; none where the mistake is made with what arrives.
  public let edges: [Contribution]
  /// The edge that was kept, where all others of its kind were dropped.
  public let kept: Contribution?
  /// For each edge the node whose value (or gradient, or place) is taken for the right one, where the slip is such.
  public let standIns: [Int]
  /// The result (a state or an output, in the order of `Quantities.results`) to whose share of the gradient the mistake
  /// is limited: what arrives there from outside the step.
  public let result: Int?
  /// The end of time at which alone it is made; nil for every step.
  public let end: End?
  /// What tells its id from that of another fault which would be called the same; empty for most.
  var distinction = ""

  init(
    slip: Slip, edges: [Contribution], kept: Contribution? = nil, standIns: [Int] = [], result: Int? = nil,
    end: End? = nil
  ) {
    self.slip = slip
    self.edges = edges
    self.kept = kept
    self.standIns = standIns
    self.result = result
    self.end = end
  }

  /// The same mistake at one end of time alone.
  func limited(to end: End) -> Fault {
    var limited = Fault(slip: slip, edges: edges, kept: kept, standIns: standIns, result: result, end: end)
    limited.distinction = distinction
    return limited
  }

  /// A name that stays the same as long as the sheet's equations do, such as `dropped:h<c`.
  public func id(in cell: Cell) -> String { id(in: cell) { cell.display(of: $0).swift } }

  func id(in cell: Cell, _ word: (Int) -> String) -> String {
    var paths = edges.map { [word($0.target), word($0.source)].joined(separator: "<") }
    if dividesEverything { paths = ["all"] }
    if edges.isEmpty, let result { paths = ["upstream.\(cell.quantities.results[result].swift)"] }
    var id = "\(slip.name):\(paths.joined(separator: "+"))"
    if !standIns.isEmpty {
      id += "=" + Self.distinct(standIns.map(word)).joined(separator: "+")
    }
    if !edges.isEmpty, let result { id += "@\(cell.quantities.results[result].swift)" }
    if let end { id += "@\(end.rawValue)" }
    return id + distinction
  }

  /// Whether the gradient at another quantity is taken, which has to be known beforehand.
  var takesAnotherGradient: Bool { slip == .otherGradient || slip == .otherGradientToo }

  /// Whether all that arrives from outside the step is divided by the size of the batch.
  var dividesEverything: Bool { slip == .dividedByBatch && edges.isEmpty }

  /// At how many places it is made: of faults with the same numbers the one with the fewest is told.
  public func size(in cell: Cell) -> Int {
    switch slip {
    // A factor left out is likelier than a path made up that adds what the factor takes away.
    case .passedOn: edges.count + 50
    case .factorsExchanged where isOfOneGate(in: cell): 1
    default: edges.count
    }
  }

  /// Whether the factors of a gate and of its complement are exchanged, which turns one sign round in one equation.
  public func isOfOneGate(in cell: Cell) -> Bool {
    slip == .factorsExchanged && edges.contains { cell.graph.nodes[$0.target].isComplement }
  }

  private static func distinct(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }
}
