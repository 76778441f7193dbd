// A sentence as its kind and what it is about, so that other languages can be made from the same facts.

/// A sentence to a person: an English pattern, which is also its stable kind, and what stands in its places.
///
/// A string literal is one: `"`\(name)` is unknown; \(hint)"` has the kind `` `%1` is unknown; %2 `` and two arguments.
/// Its Chinese either stands beside it, `Message("\(count) steps", "\(count) 步")`, or is looked up by the kind, and may then
/// use the arguments in another order.
public struct Message: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// What stands in a place of a sentence.
  public indirect enum Argument: Sendable, Hashable {
    /// A name, a formula, a number: the same in every language.
    case text(String)
    /// A part of a sentence.
    case message(Message)
  }

  /// The English sentence with `%1`, `%2`… where its arguments stand.
  public let kind: String
  /// What stands in the places.
  public let arguments: [Argument]
  /// The Chinese that stands beside it, as a sentence of its own; none where it is looked up.
  private let beside: Beside

  private indirect enum Beside: Sendable, Hashable {
    case none
    case chinese(Message)
  }

  private init(kind: String, arguments: [Argument], beside: Beside = .none) {
    self.kind = kind
    self.arguments = arguments
    self.beside = beside
  }

  /// A sentence in both languages.
  public init(_ english: Message, _ chinese: Message) {
    self.init(kind: english.kind, arguments: english.arguments, beside: .chinese(chinese))
  }

  /// A sentence in both languages that were put together elsewhere.
  public init(english: String, chinese: String) {
    self.init(Message(verbatim: english), Message(verbatim: chinese))
  }

  /// A text that is the same in every language, or that another program wrote.
  public init(verbatim text: String) {
    self.init(kind: "%1", arguments: [.text(text)])
  }

  public init(stringLiteral value: String) {
    self.init(kind: value, arguments: [])
  }

  public init(stringInterpolation: Interpolation) {
    self.init(kind: stringInterpolation.kind, arguments: stringInterpolation.arguments)
  }

  /// Collects the pieces of a literal.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var kind = ""
    fileprivate var arguments: [Argument] = []

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) { kind += literal }

    public mutating func appendInterpolation(_ part: Message) {
      arguments.append(.message(part))
      kind += "%\(arguments.count)"
    }

    public mutating func appendInterpolation(_ value: some Any) {
      arguments.append(.text("\(value)"))
      kind += "%\(arguments.count)"
    }
  }

  /// Two sentences, one behind the other.
  public static func + (left: Message, right: Message) -> Message {
    guard left.beside == .none, right.beside == .none else { return "\(left)\(right)" }
    let first = left.arguments.count
    return Message(
      kind: left.kind + filled(right.kind) { "%\($0 + first)" }, arguments: left.arguments + right.arguments)
  }

  /// The sentence in a language; in English where its kind has no translation.
  public func text(in language: Language) -> String {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }

  /// The sentence in English.
  public var english: String { filled(kind, \.english) }

  /// The sentence in Chinese; in English where its kind has no translation.
  public var chinese: String {
    if case .chinese(let own) = beside { return own.chinese }
    return filled(Self.chinesePatterns[kind] ?? kind, \.chinese)
  }

  private func filled(_ pattern: String, _ text: (Message) -> String) -> String {
    Self.filled(pattern) { place in
      guard arguments.indices.contains(place - 1) else { return "%\(place)" }
      switch arguments[place - 1] {
      case .text(let own): return own
      case .message(let message): return text(message)
      }
    }
  }

  /// A pattern with every place filled: `%` and a digit.
  private static func filled(_ pattern: String, _ value: (Int) -> String) -> String {
    guard pattern.contains("%") else { return pattern }
    var result = ""
    var rest = pattern[...]
    while let sign = rest.firstIndex(of: "%") {
      result += rest[..<sign]
      rest = rest[rest.index(after: sign)...]
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      if let place = Int(digits) {
        result += value(place)
        rest = rest[digits.endIndex...]
      } else {
        result += "%"
      }
    }
    return result + rest
  }
}
