// The names that a learner gives: what each stands for, clause by clause.

import Diagnostics
import Formula
import Recurrence

/// One defining line of a name.
struct Clause {
  /// The steps on the left side.
  let times: [Time]
  /// The right side.
  let body: Expression
  let conditions: [Statement.Condition]
  let source: SourceText
  let range: Range<Int>
  /// The name whose shape it has, where it is 0 above the top layer.
  var shapedAs: Name? = nil
}

/// A name that a learner gave.
struct Definition {
  let name: Name
  var clauses: [Clause] = []
  /// How many steps it carries.
  var timeCount: Int
  var size: Size?
  /// Its clauses with names found; set before anything is evaluated.
  var compiled: [CompiledClause] = []
  /// Whether it leads back to itself, at later steps or at earlier ones.
  var isBackward = false
  var isForward = false
  /// The node that it is another name for.
  var target: Target?
  var targetOffset = 0
}

/// A clause ready to be evaluated.
struct CompiledClause {
  /// The steps on the left side, in slots of the clause's own environment.
  let times: [Moment]
  let term: Term
  let slots: Int
  let conditions: [(Moment, Statement.Relation, Moment)]
}
