// The mistakes that can be made on the way forward, as changes to single nodes of a cell's graph.

public import Recurrence

/// A mistake in the equations of a step.
public struct ForwardFault: Sendable, Hashable {
  /// What was done.
  public let slip: Slip
  /// The nodes at which it was done.
  public let places: [Int]
  /// The operand that was left out or replaced, where there is one.
  public let operand: Int?
  /// The operand at the first of several places that have different ones.
  public internal(set) var firstOperand: Int?
  /// What stands in its place; of several the first.
  public let standIn: Int?
  /// What tells it from others with the same place, such as an order or a function.
  public let detail: String
  /// What tells its id from that of another fault which would be called the same; empty for most.
  var distinction = ""
  let changes: [Int: Replacement]
  let added: [Node]

  init(
    slip: Slip, places: [Int], operand: Int?, standIn: Int?, detail: String, changes: [Int: Replacement], added: [Node]
  ) {
    self.slip = slip
    self.places = places
    self.operand = operand
    self.standIn = standIn
    self.detail = detail
    self.changes = changes
    self.added = added
  }

  public static func == (left: ForwardFault, right: ForwardFault) -> Bool {
    left.slip == right.slip && left.places == right.places && left.operand == right.operand
      && left.standIn == right.standIn && left.detail == right.detail && left.changes == right.changes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(slip)
    hasher.combine(places)
    hasher.combine(detail)
  }

  /// The cell with the mistake; nil where it makes no sense, as a value that depends on itself.
  public func made(in cell: Cell) -> WrongForward? { cell.replacing(changes, adding: added) }

  /// A name that stays the same as long as the sheet's equations do, such as `forward.otherOperand:c<f=i`.
  public func id(in cell: Cell) -> String { id(in: cell) { cell.display(of: $0).swift } }

  func id(in cell: Cell, _ word: (Int) -> String) -> String {
    var id = "forward.\(slip.name):\(places.map(word).joined(separator: "+"))"
    if let operand { id += "<" + word(operand) }
    if let standIn { id += "=" + word(standIn) }
    if !detail.isEmpty { id += "." + detail }
    return id + distinction
  }
}
