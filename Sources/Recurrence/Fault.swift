// The mistakes that can be made on the way back through a step, as operators on the edges of its graph.
//
// The reverse pass is a list of contributions. A fault is one operator applied to one edge of the list, to all edges
// of one kind ("every σ′"), or to what arrives from outside the step. No author lists mistakes: the equations do.

/// A mistake in the reverse pass of one step: what was done, and at which edges.
public struct Fault: Sendable, Hashable {
  /// What was done with the contribution of an edge, or with what arrives at a result.
  public enum Slip: String, Sendable, Hashable, CaseIterable {
    // Any edge, and any result.
    case dropped, negated, doubled
    // Of several like edges into one value, all but one dropped.
    case onlyOnePath
    // By element: a product's other factor left out, the operand itself in its place, one minus it in its place.
    case factorMissing, ownValue, complement
    // Functions: no derivative, or a wrong one.
    case derivativeMissing, derivativeOfValue, derivativeOfInput, otherDerivative, derivativeFirstHalf
    case derivativeSecondHalf, derivativeSquared
    // The function, or its value, where its derivative belongs; the derivative made from another quantity.
    case functionForDerivative, valueForDerivative, derivativeElsewhere
    // The softmax: each entry by itself; its value less what arrives, as with a cross entropy behind it.
    case softmaxDiagonal, softmaxLessTarget
    // Products of matrices.
    case notTransposed
    // Another value in the place of an operand: this step's state for the last one's and the reverse; one factor of a
    // product for the whole; any other quantity; the other factors of two products exchanged.
    case presentForPrevious, previousForPresent, firstFactorOnly, secondFactorOnly, otherOperand, factorsExchanged
    // The gradient at another quantity, further up or down the road, handed on in the place of the one that arrives.
    case otherGradient
    // The parts of a joined or a packed value in each other's place.
    case partsExchanged
    // A path that is not there: what arrives at a state handed on to the state before, as it is or times a quantity.
    case passedOn
    // Values shared by the batch.
    case meanOverBatch, firstSampleOnly, lastSampleOnly
  }

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
    Fault(slip: slip, edges: edges, kept: kept, standIns: standIns, result: result, end: end)
  }

  /// A name that stays the same as long as the sheet's equations do, such as `dropped:h<c`.
  public func id(in cell: Cell) -> String {
    var paths = edges.map {
      [cell.display(of: $0.target).swift, cell.display(of: $0.source).swift].joined(separator: "<")
    }
    if edges.isEmpty, let result { paths = ["upstream.\(cell.quantities.results[result].swift)"] }
    var id = "\(slip.rawValue):\(paths.joined(separator: "+"))"
    if !standIns.isEmpty {
      id += "=" + Self.distinct(standIns.map { cell.display(of: $0).swift }).joined(separator: "+")
    }
    if !edges.isEmpty, let result { id += "@\(cell.quantities.results[result].swift)" }
    if let end { id += "@\(end.rawValue)" }
    return id
  }

  private static func distinct(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }
}
