// Where the lines of a text may end, and where a line break in the source is no space: pages and terminal alike.

import Diagnostics

extension Character {
  /// Whether no line starts with the character, as it closes what stands before it.
  package var closes: Bool { "，。、；：？！）】」』》〉”’…,.;:?!)]}".contains(self) }

  /// Whether no line ends with the character, as it opens what stands after it.
  package var opens: Bool { "（【「『《〈“‘([{".contains(self) }

  /// Whether a line break in the source between two characters of a text is no space on the page.
  ///
  /// Chinese and Japanese have no spaces between words, and marks as wide as a letter bring their own; Korean has spaces.
  /// Quotes, dots and dashes are Chinese where they stand beside a Chinese character.
  static func joinsLines(_ left: Character, _ right: Character) -> Bool {
    if left.isWideMark || right.isWideMark { return true }
    return left.isIdeographic && (right.isIdeographic || right.isSharedMark) || left.isSharedMark && right.isIdeographic
  }

  private var isSharedMark: Bool { "“”‘’…—".contains(self) }

  private var isWideMark: Bool {
    guard terminalWidth == 2, let scalar = unicodeScalars.first else { return false }
    return switch scalar.properties.generalCategory {
    case .openPunctuation, .closePunctuation, .otherPunctuation, .dashPunctuation: true
    default: false
    }
  }

  /// Whether the character is wide and neither Korean nor a picture.
  private var isIdeographic: Bool {
    guard terminalWidth == 2, let scalar = unicodeScalars.first else { return false }
    return switch scalar.value {
    case 0x1100...0x11FF, 0x3130...0x318F, 0xA960...0xA97F, 0xAC00...0xD7FF, 0x1F300...0x1FAFF: false
    default: true
    }
  }
}
