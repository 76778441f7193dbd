// Any text as XML 1.0: markup escaped, what XML cannot hold written out.

enum XMLText {
  /// The text between two tags.
  static func content(_ text: String) -> String { escaped(text, isAttribute: false) }

  /// The value of an attribute, quotation marks around it.
  static func attribute(_ text: String) -> String { "\"" + escaped(text, isAttribute: true) + "\"" }

  private static func escaped(_ text: String, isAttribute: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where isAttribute: result += "&quot;"
      // A reader would make a space of them.
      case "\n" where isAttribute: result += "&#10;"
      case "\t" where isAttribute: result += "&#9;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default:
        if isAllowed(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{\(String(scalar.value, radix: 16))}"
        }
      }
    }
    return result
  }

  /// Whether a character may stand in XML 1.0; C1 controls may, but steer terminals.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0xFFFE, 0xFFFF: false
    default: true
    }
  }
}
