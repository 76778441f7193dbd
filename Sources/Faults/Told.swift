// What the words of a mistake are made from.

public import Diagnostics

/// What is told of a mistake besides its name: quantities, as a person reads them.
public struct Told: Sendable {
  /// From what the gradient should reach up to the quantity in whose equation that stands.
  public var path: [String]
  /// The other factor of the product in question, or the operand.
  public var other: String?
  /// What stands in its place.
  public var standIn: String?
  /// The quantity to ask about; nil where it is the one at the beginning of the path.
  public var asked: String?
  /// The states and outputs whose shares come together with the one in question, and are right.
  public var rest: [String]
  /// What tells it from others at the same place, such as the name of a function.
  public var detail: String

  public init(
    path: [String], other: String? = nil, standIn: String? = nil, asked: String? = nil, rest: [String] = [],
    detail: String = ""
  ) {
    self.path = path
    self.other = other
    self.standIn = standIn
    self.asked = asked
    self.rest = rest
    self.detail = detail
  }

  var route: String { path.joined(separator: " ← ") }
  var target: String { path.first ?? "" }
  /// The function, or the product, that is gone back through.
  var inner: String { path.dropFirst().first ?? target }
  /// The quantity in whose equation it stands.
  var owner: String { path.last ?? target }
  var factor: String { other ?? "" }
  var stand: String { standIn ?? "" }
  /// Whether it is about what arrives at a state or an output from outside the step.
  var isArriving: Bool { other == nil && path.count == 1 }

  /// Names one after the other; of more than four only that they are many.
  static func list(_ names: [String]) -> Message {
    if names.count > 4 { return Message("all parameters", "所有参数") }
    guard names.count > 1, let last = names.last else { return Message(verbatim: names.first ?? "") }
    let first = names.dropLast()
    return Message(
      "\(first.joined(separator: ", ")) and \(last)", "\(first.joined(separator: "、"))、\(last)")
  }

  /// The names of the path, or words where it has none.
  func names(or words: Message) -> Message { path.isEmpty ? words : Self.list(path) }
}

/// Words that are made from what is told.
public typealias Words = @Sendable (Told) -> Message
