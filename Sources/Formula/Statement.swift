// A line of a derivation: a chain of members with relations between them, and the steps that it speaks of.

public import Diagnostics

/// A chain `e1 = e2 = … = en` as a person wrote it.
public struct Statement: Sendable {
  /// What stands between two members.
  public enum Relation: String, Sendable, Hashable {
    case equal = "="
    case lessOrEqual = "\\leq"
    case greaterOrEqual = "\\geq"
    case less = "<"
    case greater = ">"
    /// `:=`, `\triangleq`, `\equiv`.
    case defined = ":="

    /// Whether it states a bound.
    public var isBound: Bool { self != .equal && self != .defined }
  }

  /// A member, or why it could not be read.
  public struct Member: Sendable {
    /// The tree, or the reason.
    public let content: Result<Expression, Diagnostic>
    /// Where it stands.
    public let range: Range<Int>

    /// A member at its place.
    public init(content: Result<Expression, Diagnostic>, range: Range<Int>) {
      self.content = content
      self.range = range
    }

    /// The tree; nil where it could not be read.
    public var expression: Expression? { try? content.get() }
  }

  /// A relation and where it stands.
  public struct Sign: Sendable, Hashable {
    public let relation: Relation
    public let range: Range<Int>
    /// Whether it is `+=`: what stands behind is added up over the steps.
    public var isAccumulated = false
  }

  /// A condition such as `t < T`: two steps and what holds between them.
  public struct Condition: Sendable, Hashable {
    public let left: Time
    public let relation: Relation
    public let right: Time

    /// As LaTeX.
    public var latex: String { "\(left) \(relation.rawValue) \(right)" }
  }

  /// The members from left to right; at least one.
  public let members: [Member]
  /// The relations between them.
  public let signs: [Sign]
  /// Which steps it speaks of.
  public let conditions: [Condition]
  /// Whether it is introduced as a definition, by a word or by `:=`.
  public let isDefinition: Bool
  /// Where it stands.
  public let range: Range<Int>
  /// The file.
  public let source: SourceText
  /// What stands behind the chain and states no equality, such as `\in \mathbb{R}^H`.
  public let remark: Range<Int>?
  /// How parts were understood that have no one reading by themselves.
  public let understood: [Message]

  init(
    members: [Member], signs: [Sign], conditions: [Condition], isDefinition: Bool, range: Range<Int>,
    source: SourceText, remark: Range<Int>? = nil, understood: [Message] = []
  ) {
    self.understood = understood
    self.members = members
    self.signs = signs
    self.conditions = conditions
    self.isDefinition = isDefinition
    self.range = range
    self.source = source
    self.remark = remark
  }

  /// The chain with other members at the same places.
  public func replacing(members: [Member], conditions: [Condition]) -> Statement {
    Statement(
      members: members, signs: signs, conditions: conditions, isDefinition: isDefinition, range: range, source: source,
      remark: remark, understood: understood)
  }

  /// A chain of one member that claims nothing, such as a goal.
  public init(_ value: Expression, in source: SourceText) {
    self.init(
      members: [Member(content: .success(value), range: value.range)], signs: [], conditions: [], isDefinition: false,
      range: value.range, source: source)
  }
}
