// Where a block of a call, or of its answer, is in its cell.

import Recurrence

/// A block by its kind and its number there, in the order of the sheet.
///
/// Of the numbers of a call, `output` is the loss's gradient with respect to that output. Of those of a backward pass,
/// `input`, `previous` and `parameter` are the gradients with respect to them.
package enum BlockAddress: Sendable, Hashable {
  case output(Int)
  case input(Int)
  /// The state before the step, or before the first step of a sequence.
  case previous(Int)
  case parameter(Int)

  /// Whether it is known after the forward pass.
  package var isOutput: Bool { if case .output = self { true } else { false } }
}
