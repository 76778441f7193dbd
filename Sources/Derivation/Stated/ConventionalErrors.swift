// Names of errors that a text gives a value, where that value is the derivative that the name says by convention.

import CellKit
import Formula

extension Examiner {
  /// The names that the text defines by a value, such as `\delta^h_t = …`, and whose value at every step of every network is
  /// the derivative of the loss by the quantity that stands in the name.
  var conventionalErrors: Set<Name> {
    var found: Set<Name> = []
    for (index, definition) in session.context.definitions.all.enumerated() where definition.timeCount == 1 {
      guard let by = session.context.errorConvention(definition.name), let target = session.context.target(by),
        case .node = target, definition.target == nil, isDerivative(index, by: target)
      else { continue }
      found.insert(definition.name)
    }
    return found
  }

  private func isDerivative(_ index: Int, by target: Target) -> Bool {
    var isMoving = false
    for world in session.worlds.prefix(3) {
      for step in 1...world.steps {
        let values = session.effort.part(Effort.ofComparison) {
          (world.defined(index, [step]), world.gradient(loss: nil, by: target, at: step, isImmediate: false))
        }
        guard let own = values.0, let wanted = values.1, let difference = own.combined(wanted, { $0 - $1 })?.largest,
          difference <= ElaboratedChain.tolerance * max(wanted.largest, 1e-300)
        else { return false }
        if wanted.largest > 0 { isMoving = true }
      }
    }
    return isMoving
  }
}
