// What a derivation can be refused for, in Chinese: each kind of sentence with the places of its arguments.

public import Diagnostics

extension Message {
  /// The sentence in Chinese; in English where its kind has no translation.
  public var chinese: String { text { Self.chinesePatterns[$0] } }

  static let chinesePatterns: [String: String] = [
    "a number": "一个数"
  ]
}
