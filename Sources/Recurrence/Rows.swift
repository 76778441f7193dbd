// Rows of numbers in memory, and the operations that treat every entry of them by itself.

import CElementwise
import Formula

/// Rows that begin at `start + r · stride`; with a stride of 0 they are all the same one.
package struct Rows {
  let start: Entries
  let stride: Int

  package init(start: Entries, stride: Int) {
    self.start = start
    self.stride = stride
  }

  subscript(_ row: Int) -> Entries { start + row * stride }
}

/// Operations by element on rows of one width, forward and back; whoever runs a graph computes with these.
package enum Elementwise {
  /// Calls a body once where no operand has gaps, else row by row.
  @inline(__always)
  static func each(_ extent: Extent, _ target: Rows, _ a: Rows, _ body: (Entries, Entries, Int) -> Void) {
    if target.stride == extent.columns, a.stride == extent.columns {
      return body(target.start, a.start, extent.count)
    }
    for row in 0..<extent.rows { body(target[row], a[row], extent.columns) }
  }

  @inline(__always)
  static func each(
    _ extent: Extent, _ target: Rows, _ a: Rows, _ b: Rows, _ body: (Entries, Entries, Entries, Int) -> Void
  ) {
    if target.stride == extent.columns, a.stride == extent.columns, b.stride == extent.columns {
      return body(target.start, a.start, b.start, extent.count)
    }
    for row in 0..<extent.rows { body(target[row], a[row], b[row], extent.columns) }
  }

  /// target = operation(a, b), where an operation on one operand does not look at `b`.
  package static func evaluate(_ operation: Operation, _ a: Rows, _ b: Rows, into target: Rows, _ extent: Extent) {
    switch operation {
    case .affine(let scale, let shift): each(extent, target, a) { elementwise_affine($1, scale, shift, $0, $2) }
    case .add: each(extent, target, a, b) { elementwise_add($1, $2, $0, $3) }
    case .subtract: each(extent, target, a, b) { elementwise_subtract($1, $2, $0, $3) }
    case .hadamard: each(extent, target, a, b) { elementwise_multiply($1, $2, $0, $3) }
    case .divide: each(extent, target, a, b) { for entry in 0..<$3 { $0[entry] = $1[entry] / $2[entry] } }
    case .maximum: each(extent, target, a, b) { for entry in 0..<$3 { $0[entry] = larger($1[entry], $2[entry]) } }
    case .minimum: each(extent, target, a, b) { for entry in 0..<$3 { $0[entry] = smaller($1[entry], $2[entry]) } }
    case .function(let function): each(extent, target, a) { Kernels.apply(function, $1, into: $0, count: $2) }
    case .power(let exponent): each(extent, target, a) { Kernels.power($1, exponent, into: $0, count: $2) }
    case .stop: each(extent, target, a) { $0.update(from: $1, count: $2) }
    default: preconditionFailure("\(operation) is not by element")
    }
  }

  /// target += adjoint ⊙ ∂value/∂operand, for operand 0 (`a`) or 1 (`b`).
  package static func pullBack(
    _ operation: Operation, operand: Int, _ a: Rows, _ b: Rows, value: Rows, adjoint: Rows, into target: Rows,
    _ extent: Extent
  ) {
    switch operation {
    case .stop: break
    case .affine(let scale, _): each(extent, target, adjoint) { elementwise_add_scaled($1, scale, $0, $2) }
    case .add: each(extent, target, adjoint) { elementwise_add_scaled($1, 1, $0, $2) }
    case .subtract:
      each(extent, target, adjoint) { elementwise_add_scaled($1, operand == 0 ? 1 : -1, $0, $2) }
    case .hadamard:
      each(extent, target, adjoint, operand == 0 ? b : a) { elementwise_add_multiply($1, $2, $0, $3) }
    case .divide where operand == 0:
      each(extent, target, adjoint, b) { for entry in 0..<$3 { $0[entry] += $1[entry] / $2[entry] } }
    case .divide:
      for row in 0..<extent.rows {
        let (to, from, result, below) = (target[row], adjoint[row], value[row], b[row])
        for entry in 0..<extent.columns { to[entry] += from[entry] * (-result[entry] / below[entry]) }
      }
    case .maximum, .minimum:
      // At a tie the derivative is the first argument's; where nothing is larger it is no number.
      let isMaximum = operation == .maximum
      for row in 0..<extent.rows {
        let (to, from, first, second) = (target[row], adjoint[row], a[row], b[row])
        for entry in 0..<extent.columns {
          let takesSecond = isMaximum ? second[entry] > first[entry] : second[entry] < first[entry]
          if first[entry].isNaN || second[entry].isNaN {
            to[entry] = .nan
          } else if takesSecond == (operand == 1) {
            to[entry] += from[entry]
          }
        }
      }
    case .function(let function):
      for row in 0..<extent.rows {
        Kernels.pullBack(
          function, source: a[row], value: value[row], adjoint: adjoint[row], into: target[row], count: extent.columns)
      }
    case .power(let exponent):
      each(extent, target, a, adjoint) {
        Kernels.pullBackPower($1, exponent, adjoint: $2, into: $0, count: $3)
      }
    default: preconditionFailure("\(operation) is not by element")
    }
  }
}
