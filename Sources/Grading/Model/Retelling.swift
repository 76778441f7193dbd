// A text told anew for a seed: the verses in another order, every word another one of the same length.

import Recurrence

/// Writes a text that is as hard to learn as another one and has none of its words.
///
/// What was learned from the one is worth nothing on the other: a training has to happen where it is graded. Renaming
/// letters would not be enough, for weights can be renamed with them; here every word has letters of its own.
enum Retelling {
  private enum Kind: Hashable {
    case capital, vowel, consonant, other

    init?(_ letter: Character) {
      guard letter.isLetter else { return nil }
      self =
        letter.isUppercase ? .capital : "aeiou".contains(letter) ? .vowel : letter.isLowercase ? .consonant : .other
    }
  }

  /// How often a word is drawn before one is taken that is in use: a text of few letters has few words.
  private static let attempts = 200

  /// The text of a seed.
  ///
  /// A letter is replaced by one of its kind (capital, vowel, consonant), drawn as often as the text has it, so that
  /// the text keeps its characters, its spaces and the lengths of its words; a word is the same at every place.
  static func of(_ text: String, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed, stream: 310)
    var letters: [Kind: [Character]] = [:]
    for character in text { if let kind = Kind(character) { letters[kind, default: []].append(character) } }
    var taken = Set(words(text))
    var others: [String: String] = [:]
    func other(_ word: String) -> String {
      if let known = others[word] { return known }
      var drawn = word
      for _ in 0..<attempts {
        drawn = String(
          word.map { letter in
            guard let pool = Kind(letter).flatMap({ letters[$0] }) else { return letter }
            return pool[Int(generator.next() % UInt64(pool.count))]
          })
        if taken.insert(drawn).inserted { break }
      }
      others[word] = drawn
      return drawn
    }
    var result = ""
    var word = ""
    for character in shuffled(text, &generator) {
      if character.isLetter {
        word.append(character)
      } else {
        result += other(word)
        result.append(character)
        word = ""
      }
    }
    return result + other(word)
  }

  private static func words(_ text: String) -> [String] { text.split { !$0.isLetter }.map(String.init) }

  /// The verses in another order, or the lines of a text that has none.
  private static func shuffled(_ text: String, _ generator: inout SeededGenerator) -> String {
    let isClosed = text.hasSuffix("\n")
    let body = isClosed ? text.dropLast() : text[...]
    for separator in ["\n\n", "\n"] {
      let parts = body.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.count > 2 else { continue }
      return parts.shuffled(using: &generator).joined(separator: separator) + (isClosed ? "\n" : "")
    }
    return text
  }
}
