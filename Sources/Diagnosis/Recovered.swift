// What a submission computes where it is wrong and no known mistake explains it: found from its numbers alone.

/// The formula that a submission was found to compute in place of a right one.
///
/// It was found on networks of its own and holds on further ones of other sizes; nothing of the submission's text was read.
public struct Recovered: Sendable, Hashable {
  /// What is computed by one upstream, or by none.
  public struct Part: Sendable, Hashable {
    /// What was found of it.
    public enum Outcome: Sendable, Hashable {
      /// Right.
      case right
      /// Nothing arrives.
      case missing
      /// This, in LaTeX, stands in the place of what is right.
      case formula(String)
      /// Other numbers, of which no formula was found.
      case unknown
    }

    /// The state or output whose upstream it comes from, in LaTeX; nil for what is there with no upstream at all.
    public let source: String?
    /// What was found.
    public let outcome: Outcome
    /// The factors of the right product that are missing, in LaTeX, where naming them does not give the product away.
    public let missing: [String]
    /// The factors that stand there and are none of the right product, in LaTeX.
    public let foreign: [String]
    /// The factors of the right product that divide where they should multiply.
    public let dividing: [String]

    package init(
      source: String?, outcome: Outcome, missing: [String] = [], foreign: [String] = [], dividing: [String] = []
    ) {
      (self.source, self.outcome) = (source, outcome)
      (self.missing, self.foreign, self.dividing) = (missing, foreign, dividing)
    }
  }

  /// What the formula is for, in LaTeX: `\frac{\partial L}{\partial a_{f,t}}`, or `c_t`.
  public let of: String
  /// What is computed, in LaTeX; nil where a part of it was not found.
  public let computed: String?
  /// What else is changed in the same way, in LaTeX: one mistake that several formulas show.
  public private(set) var also: [String] = []
  /// What is right, in LaTeX, where what is computed is one change away from it.
  public let right: String?
  /// What comes from each upstream; empty on the way forward.
  public let parts: [Part]
  /// The gate, where the quantity belongs to one.
  public let gate: String?
  /// The gates of the same cell whose gradients are right.
  public let rightGates: [String]

  package init(
    of quantity: String, computed: String?, right: String? = nil, parts: [Part] = [], gate: String? = nil,
    rightGates: [String] = []
  ) {
    (of, self.computed, self.right, self.parts) = (quantity, computed, right, parts)
    (self.gate, self.rightGates) = (gate, rightGates)
  }

  /// Whether another formula shows the same change as this one.
  package func showsChange(of other: Recovered) -> Bool {
    func changes(_ recovered: Recovered) -> [[[String]]] {
      recovered.parts.map { [$0.source.map { [$0] } ?? [], $0.missing, $0.foreign, $0.dividing] }
    }
    return computed != nil && other.computed != nil && changes(self) == changes(other)
      && parts.contains { !$0.missing.isEmpty || !$0.foreign.isEmpty || !$0.dividing.isEmpty }
  }

  /// The same, said of other quantities too.
  package func told(also others: [String]) -> Recovered {
    var told = self
    told.also = others.filter { $0 != of }
    return told
  }
}
