// A wrong line as it was meant: what it rests on once its one mistake is mended.

import Formula
import Recurrence

/// How a line that does not hold is mended.
enum Mended {
  /// By another right side.
  case right(Expression)
  /// By what rests on the same: a transpose, a sign or a number of the whole, another convention.
  case alike
  /// By paths that were left out.
  case roads([Road])

  /// What an instance rests on besides what was written.
  func further(for instance: Instance) -> [Instance] {
    guard case .roads(let roads) = self, let step = instance.origin.step else { return [] }
    return roads.map { road in
      let at = step + (road.isFromNextStep ? 1 : 0)
      switch instance.entity {
      case .slope(let of, _, let isImmediate):
        return Instance(
          entity: .slope(of: of, by: .node(road.from), isImmediate: isImmediate), times: [instance.times[0], at])
      case .lossGradient: return Instance(entity: .lossGradient(.node(road.from)), times: [instance.times[0], at])
      default: return Instance(entity: .gradient(.node(road.from)), times: [at])
      }
    }
  }
}

extension Term {
  /// Whether it is more than a constant or a lone name: a wrong line that says no more derives nothing.
  var isMoreThanAName: Bool {
    switch operation {
    case .number, .moment, .axis, .zeros, .ones, .identity, .value, .loss, .defined: false
    case .transpose, .negate, .diagonal: operands[0].isMoreThanAName
    case .scale: operands[1].isMoreThanAName
    case .repetition(.sum, _, _, _, _): operands[0].isMoreThanAName
    default: true
    }
  }
}
