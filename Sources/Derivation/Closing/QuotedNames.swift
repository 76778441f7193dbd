// A derivative as a person writes it.

import Formula
import Recurrence

extension Closing {
  /// An instance as a person writes it, with the learner's own name for it.
  func quoted(_ instance: Instance) -> String {
    let distance = instance.distance
    return quoted(instance.entity, later: distance == 0 ? "t" : distance == 1 ? "t-1" : "k")
  }

  /// A derivative at any step.
  func quoted(_ entity: Entity) -> String { quoted(entity, later: "k") }

  private func quoted(_ entity: Entity, later below: String) -> String {
    let text = latex(entity, later: below)
    guard let nickname = nicknames[entity] else { return "`\(text)`" }
    return "`\(text)` (`\(nickname)`)"
  }

  /// A derivative in LaTeX; `below` is the step of what is differentiated by, where there is a second one.
  func latex(_ entity: Entity, later below: String = "k") -> String {
    func name(_ target: Target, _ time: String?) -> String { session.context.shown(target, time) }
    switch entity {
    case .gradient(let target): return "\\frac{\\partial L}{\\partial \(name(target, "t"))}"
    case .lossGradient(let target): return "\\frac{\\partial L_t}{\\partial \(name(target, below))}"
    case .slope(let of, let by, let isImmediate):
      return "\\frac{\(isImmediate ? "\\partial^{+}" : "\\partial") \(name(of, "t"))}{\\partial \(name(by, below))}"
    case .name(let index): return session.context.definitions.all[index].shown
    }
  }
}
