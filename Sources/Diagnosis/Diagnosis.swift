// What was probably done, in facts; Reports has the words.

public import Diagnostics
public import Faults
import Formula
public import Recurrence
public import Sheets

/// The mistake that explains a wrong block.
public struct Diagnosis: Sendable, Hashable {
  /// What explains the blocks.
  public enum Cause: Sendable, Hashable {
    /// A mistake at edges of the graph, on the way back.
    case slip(Fault.Slip)
    /// A mistake in the equations, on the way forward.
    case forward(ForwardFault.Slip)
    /// A mistake of the loop over time, on the way back.
    case time(TimeFault.Slip)
    /// A mistake of the loop over time, on the way forward.
    case loop(ForwardTimeFault.Slip)
    /// Right for the learner's own forward, which is wrong.
    case ownForward
    /// The sheet's own formulas, on the values of the learner's wrong forward.
    case ownValues
    /// Only zeros.
    case zeros
    /// The right block times this number.
    case multiple(Double)
    /// The right block, transposed.
    case transposed
    /// A column, or a row, for each sample, not added up.
    case notSummed
    /// No entry is larger than this.
    case clippedEntries(Double)
    /// The right block, made shorter where its norm is larger than this.
    case clippedNorm(Double)
    /// The block that belongs to another quantity.
    case anotherBlock
    /// A slip in the loss, the sampling or the clipping of a model.
    case model(ModelSlip)
    /// The right block to about seven digits.
    case singlePrecision
    /// No known mistake, but this formula.
    case recovered(Recovered)
    /// No known mistake; where in the sequence it goes wrong.
    case located(Located)
    /// Not linear in the upstream, as every gradient is.
    case notLinear
    /// Right for one sample by itself.
    case onlyWithSeveralSamples
    /// Wrong only where the gradient is very small, or after many steps.
    case vanished(Vanished)
  }

  /// A name that stays the same as long as the sheet's equations do.
  public let fault: String
  /// What was done.
  public let cause: Cause
  /// Where: from what the gradient should reach up to the quantity in whose equation that stands, in LaTeX.
  public private(set) var path: [String]
  /// The other factor of the product in question, or the operand, in LaTeX.
  public var other: String?
  /// What stands in its place, in LaTeX.
  public var standIn: String?
  /// The quantity to ask about, where it is not the one at the beginning of the path, in LaTeX.
  public var asked: String?
  /// The state or output to whose share of the gradient the mistake is limited, in LaTeX.
  public var share: String?
  /// The states and outputs whose shares come together with it, and are right, in LaTeX.
  public var rest: [String] = []
  /// The end of time at which alone it was made.
  public var end: Fault.End?
  /// What tells it from others at the same place, such as the name of a function.
  public var detail = ""
  /// Whether it was done at every edge of its kind.
  public var isEverywhere = false
  /// Other mistakes that would give the same numbers in the blocks that are wrong, and other ones elsewhere.
  public var ties: [String] = []

  /// The sheet's own words for it, where it has some.
  public var words: [Language: String] = [:]

  /// The formula that was found in the place of the right one.
  public var recovered: Recovered? { if case .recovered(let found) = cause { found } else { nil } }

  /// How many other mistakes would explain the same.
  public var alternatives: Int { ties.count }
}

extension Diagnosis {
  /// A diagnosis that needs no words beside its path.
  package init(fault: String, cause: Cause, path: [String]) {
    self.init(fault: fault, cause: cause, path: path, other: nil)
  }

  /// Every mistake with a cell that can be recognised: forward, back through a step, and where it has a sequence, the
  /// loops over time.
  public static func catalogue(of cell: Cell, hasSequence: Bool) -> [Diagnosis] {
    cell.forwardFaults.map { Diagnosis($0, of: cell) } + cell.faults.map { Diagnosis($0, of: cell) }
      + (hasSequence
        ? cell.forwardTimeFaults.map { Diagnosis($0, of: cell) } + cell.timeFaults.map { Diagnosis($0, of: cell) }
          + cell.endFaults.map { Diagnosis($0, of: cell) } : [])
  }

  /// The same in the words that a sheet has of its own for it.
  public func told(by sheet: Sheet) -> Diagnosis {
    var told = self
    told.words = sheet.words(forFault: fault)
    return told
  }

  package init(_ fault: Fault, of cell: Cell) {
    let states = cell.quantities.results
    let share = fault.result.map { states[$0].name.latex(time: "t") }
    var path: [String] = []
    var other: String?
    if let edge = fault.kept ?? fault.edges.first {
      path = cell.display(of: edge).map(\.latex)
      other = cell.otherOperand(of: edge)?.latex
    } else if let share {
      path = [share]
    }
    let isPair = [.factorsExchanged, .partsExchanged, .overwritten].contains(fault.slip)
    if let whole = fault.whole(in: cell) {
      path = [whole.latex]
      other = fault.standIns.last.map { cell.display(of: $0).latex }
    }
    self.init(fault: fault.id(in: cell), cause: .slip(fault.slip), path: path)
    self.other = other
    standIn = fault.standIns.first.map { cell.display(of: $0).latex }
    self.share = fault.edges.isEmpty ? nil : share
    end = fault.end
    if let edge = fault.kept ?? fault.edges.first { tell(fault, at: edge, of: cell) }
    isEverywhere = fault.edges.count > 1 && fault.kept == nil && !isPair
  }

  /// What is told of some slips besides their path.
  private mutating func tell(_ fault: Fault, at edge: Contribution, of cell: Cell) {
    asked = cell.displayToAsk(at: edge)?.latex
    if let result = fault.result { rest = cell.displayOfOthers(than: result, at: edge).map(\.latex) }
    switch fault.slip {
    case .otherGradient, .otherGradientToo:
      other = cell.displayOfSum(above: edge).latex
      detail = fault.standIns.first.flatMap { cell.functionSkipped(from: edge, to: $0) } ?? ""
    case .overwritten:
      let lost = fault.edges.map { cell.display(of: $0).map(\.latex) }
      path = [lost[0][0]]
      other = lost[0].last
      standIn = lost[1].last
    case .factorsExchanged where fault.isOfOneGate(in: cell): detail = "sign"
    case .derivativeFirstHalf where cell.graph.nodes[edge.source].operation == .function(.tanh): detail = "square"
    default: break
    }
  }

  package init(_ fault: ForwardFault, of cell: Cell) {
    var path = fault.places.prefix(1).flatMap { cell.displayUpward(of: $0).map(\.latex) }
    if fault.slip == .exchanged, let user = cell.soleUser(of: fault.places + [fault.standIn].compactMap(\.self)) {
      path = [path[0], user.latex]
    }
    self.init(fault: fault.id(in: cell), cause: .forward(fault.slip), path: path)
    other = (fault.operand ?? fault.firstOperand).map { cell.display(of: $0).latex }
    standIn = fault.standIn.map { cell.display(of: $0).latex }
    detail = fault.detail
    isEverywhere = fault.places.count > 1
  }

  package init(_ fault: TimeFault, of cell: Cell) {
    let kin = fault.kin(in: cell)
    let isParameter = cell.quantities.parameters.contains { $0.name == kin.first?.name }
    // Of all parameters, all initial states, and several states, each by its name.
    let areSeveral = fault.concernsStates && kin.count > 1
    let all = isParameter || fault.isInitial || areSeveral ? kin : []
    let names = fault.quantity(in: cell).map { [$0.name] } ?? all.map { $0.name }
    self.init(
      fault: fault.id(in: cell), cause: .time(fault.slip),
      path: names.map { isParameter ? $0.latex : $0.latex(time: fault.isInitial ? "0" : "t") })
  }

  package init(_ fault: ForwardTimeFault, of cell: Cell) {
    self.init(
      fault: fault.id(in: cell), cause: .loop(fault.slip),
      path: fault.state.map { [cell.quantities.states[$0].name.latex(time: "t")] } ?? [])
    standIn = fault.standIn.map { cell.display(of: $0).latex }
  }
}
