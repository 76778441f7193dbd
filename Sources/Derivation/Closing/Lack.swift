// Why a term has no value at some steps: the sheet has no such quantity there, or the text does not say what a name is.

import Formula

/// What a term lacks where it has no value.
enum Lack: Hashable {
  /// A quantity of the sheet before the first step, such as `o_0`.
  case sheet
  /// A name of the text, in LaTeX, that has no value there.
  case name(String)
}

extension World {
  /// What a term lacks at some steps; nil where it has a value, or what it lacks is neither.
  func lack(in term: Term, _ environment: [Int], depth: Int = 0) -> Lack? {
    effort.spend()
    guard depth < 40, !effort.isExhausted, evaluate(term, environment) == nil else { return nil }
    switch term.operation {
    case .defined(let index, let moments):
      let definition = context.definitions.all[index]
      let times = moments.map { $0.step(environment) }
      let name = Lack.name(definition.shown)
      guard let (clause, inner) = clause(of: definition, times), !(definition.isForward && times.contains { $0 < 1 })
      else { return name }
      return lack(in: clause.term, inner, depth: depth + 1) ?? name
    case .repetition(_, let slot, let lower, let upper, _):
      let (first, last) = (lower.step(environment), upper.step(environment))
      guard first <= last, last - first < 100 else { return nil }
      var inner = environment
      return Self.first(
        of: (first...last).map { step in
          inner[slot] = step
          return lack(in: term.operands[0], inner, depth: depth)
        })
    default:
      guard term.operands.isEmpty else {
        return Self.first(of: term.operands.map { lack(in: $0, environment, depth: depth) })
      }
      return term.moments.contains { $0.step(environment) < 1 } ? .sheet : nil
    }
  }

  /// A name that lacks a value is no excuse, whatever else is missing beside it.
  private static func first(of lacks: [Lack?]) -> Lack? {
    let found = lacks.compactMap(\.self)
    return found.first { $0 != .sheet } ?? found.first
  }
}

extension Definition {
  /// The name with the letters of its steps, in LaTeX.
  var shown: String {
    timeCount == 0 ? name.latex : name.latex(time: timeCount == 1 ? "t" : "t,k")
  }
}
