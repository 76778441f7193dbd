// What the check of one text may cost: counted in nodes and not in seconds, so that it ends alike on every machine.

/// The effort that is left for one text, shared by all the readings in which it is tried.
///
/// A node whose names are found costs 1, and so does a node whose value is worked out; what costs more says so.
final class Effort {
  /// What is left of the part that is being done.
  private(set) var left: Int

  /// What a pass backward through the steps of a network costs.
  static let ofPass = 100
  /// For the chains of a whole text; the longest model derivation takes a fiftieth of it.
  static let ofText = 4_000_000
  /// For finding the names of one member of a chain, or of one definition.
  static let ofReading = 50_000
  /// For comparing two members of a chain on one network; honest ones take 6,000 at most.
  static let ofComparison = 400_000
  /// For seeking networks that break the bounds of a whole text, apart from what else its verdicts cost: some 20 bounds.
  static let ofAttacks = 20_000_000
  /// For the slips that may explain the links of a whole text, apart from what its verdicts cost.
  static let ofSearches = 3_000_000
  /// For the slips that may explain one link; a line that no single mistake explains takes all of it.
  static let ofSearch = 500_000
  /// For the small networks that show the lines of a whole text to be wrong, apart from what its verdicts cost.
  static let ofCounterexamples = 3_000_000
  /// For those of one link.
  static let ofCounterexample = 300_000
  /// For what follows from what, when all chains have been tested.
  static let ofClosing = 10_000_000

  init(_ amount: Int = Effort.ofText) { left = amount }

  var isExhausted: Bool { left <= 0 }

  func spend(_ amount: Int = 1) { left -= amount }

  /// Gives up the part that is being done.
  func giveUp() { left = min(left, 0) }

  /// Does a part that may cost no more than so much of what is left.
  func part<Result>(_ amount: Int, _ body: () -> Result) -> Result {
    let outer = left
    let allowance = max(0, min(amount, left))
    left = allowance
    defer { left = outer - (allowance - left) }
    return body()
  }

  /// Does something at the cost of a purse of its own.
  func part<Result>(of purse: inout Int, atMost amount: Int = .max, _ body: () -> Result) -> Result {
    let outer = left
    let allowance = max(0, min(amount, purse))
    left = allowance
    defer {
      purse = max(0, purse - (allowance - left))
      left = outer
    }
    return body()
  }
}
