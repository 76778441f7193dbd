// Pre-activations that are computed together: the columns of one matrix.

/// Pre-activations with the same operands, such as the gates of an LSTM: a step multiplies each operand once for all.
struct SequenceGroup: Sendable {
  /// The matrix by which a vector is multiplied within a sum.
  struct Factor: Sendable {
    let parameter: Int
    /// Whether the parameter lies as inner × outer; otherwise outer × inner.
    let isUpright: Bool
  }

  /// One pre-activation: Σ factor · operand + Σ bias + Σ other.
  struct Member: Sendable {
    let node: Int
    /// How many features it has.
    let width: Int
    /// For each operand of the group; nil where the member does without it.
    var factors: [Factor?]
    /// The parameters that are added to every sample.
    let biases: [Int]
    /// What else is added, step by step.
    let others: [Int]
    /// Its first column in the group's matrix.
    var column = 0
  }

  /// A vector that is multiplied.
  struct Operand: Sendable, Equatable {
    let node: Int
    let isInput: Bool
    /// How many features it has.
    let width: Int
  }

  /// Inputs first.
  let operands: [Operand]
  /// In the order of their columns.
  var members: [Member]

  // Filled in by the layout.
  /// Where the members' values lie, and how wide they are together.
  var start = 0
  var width = 0
  /// Where the stacked matrix of each operand lies (inner × width).
  var weights: [Int] = []
  /// How many columns each operand takes part in, from the first.
  var spans: [Int] = []
  /// Where the stacked biases lie.
  var bias = 0
  /// Where the adjoints at all steps lie, in the block of the groups' adjoints.
  var adjoints = 0

  /// The member that is computed first.
  var first: Int { members.map(\.node).min() ?? 0 }

  var states: [Operand] { operands.filter { !$0.isInput } }

  /// Puts members that know only the states behind those that know inputs too: one product with the state for both.
  mutating func append(_ group: SequenceGroup) {
    let missing = [Factor?](repeating: nil, count: operands.count - group.operands.count)
    members += group.members.map { member in
      var member = member
      member.factors = missing + member.factors
      return member
    }
  }
}
