// A member of a chain once every name has been found and every shape is known.

import Diagnostics
import Formula
import Recurrence

/// A step as a slot of the environment and an offset.
struct Moment: Hashable {
  /// Where the letter's value stands; nil for a fixed step. Slot 0 is T.
  var slot: Int?
  var offset: Int
  /// A second letter that is added or taken away.
  var second: Second? = nil

  struct Second: Hashable {
    var slot: Int
    var isSubtracted: Bool
  }

  func step(_ environment: [Int]) -> Int {
    let more = second.map { $0.isSubtracted ? -environment[$0.slot] : environment[$0.slot] } ?? 0
    return (slot.map { environment[$0] } ?? 0) + offset + more
  }

  /// Where its letters stand.
  var slots: [Int] { [slot, second?.slot].compactMap { $0 } }
}

/// What a derivative is of or by.
enum Target: Hashable {
  case parameter(Int)
  case input(Int)
  /// A name that an equation defines, by its node.
  case node(Int)
}

/// A derivative of one node by another.
struct Slope: Hashable {
  var of: Target
  var ofTime: Moment
  var by: Target
  /// Nil for a parameter.
  var byTime: Moment?
  var isImmediate: Bool

  /// How far it follows the graph.
  var reach: Reach {
    guard isImmediate else { return .total }
    if case .parameter = by { return .step }
    return .equation
  }
}

/// How far a derivative follows the graph.
enum Reach: Hashable {
  /// Along every path.
  case total
  /// Within the quantity's own equation, pre-activations included.
  case equation
  /// Through every quantity of its step, with the states of the step before held.
  case step
}

/// An elaborated node.
final class Term {
  enum Operation {
    case number(Double)
    case moment(Moment)
    /// The size of an axis as a number.
    case axis(String)
    case zeros, ones, identity
    case value(Target, Moment?)
    /// The loss, or the loss of a step.
    case loss(Moment?)
    /// The derivative of the loss, or of a step's loss.
    case gradient(loss: Moment?, by: Target, at: Moment?, isImmediate: Bool)
    case jacobian(Slope)
    /// A gradient taken through slopes, the last of them by a matrix; operand 0 is the gradient.
    case composition([Slope])
    case defined(Int, [Moment])
    case negate, add, subtract, hadamard, divide, scale, multiply, transpose
    /// By element; operand 1 is the exponent.
    case power
    case matrixPower
    case function(Function, derivative: Int)
    case maximum, minimum, softmax, total, mean, diagonal
    case stack(isVertical: Bool)
    case norm(Norm)
    /// The slot that runs, its range, and whether factors run against the reading order.
    case repetition(Repetition.Operation, slot: Int, lower: Moment, upper: Moment, isDescending: Bool)
    /// The row and the column at the places of slots; the whole axis where there is none.
    case entry(row: Int?, column: Int?)
    /// Operand 0 at all places of the slots, as a column, a row or a matrix; of axes without a slot there is one place.
    case array(row: Int?, column: Int?)
    /// The sum over the places of a slot.
    case placeSum(slot: Int, Dimension)
    /// 1 where two places are equal, else 0.
    case kronecker(Int, Int)
    /// Operand 0 at the place of a slot in a vector of zeros.
    case unit(slot: Int)
    /// The derivative of a vector by the entry of a matrix at the places of slots.
    case slopeByEntry(Slope, row: Int, column: Int)
  }

  let operation: Operation
  let operands: [Term]
  let size: Size
  /// Where it was written.
  let range: Range<Int>

  init(_ operation: Operation, _ operands: [Term] = [], _ size: Size, _ range: Range<Int>) {
    self.operation = operation
    self.operands = operands
    self.size = size
    self.range = range
  }

  /// The terms that are added up, outermost only.
  var addends: [Term] {
    switch operation {
    case .add, .subtract: return operands.flatMap(\.addends)
    case .negate: return operands[0].addends
    default: return [self]
    }
  }
}
