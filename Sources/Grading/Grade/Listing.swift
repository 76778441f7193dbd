// A listing to be repaired, and how much of it a submission still has: to take a function out is no repair.

import FoundationEssentials
package import Sheets

/// The text of a listing that a `compile` task hands out.
package struct Listing: Sendable {
  package typealias Function = Sheet.Task.ListingError.Function

  /// Its text, for the hash of an exercise.
  package let text: String
  private let bodies: [Function: Definition]

  /// The share of a function's tokens that a repair leaves at their place. The faults of a listing touch a few lines;
  /// what has lost a third of a function was not repaired but written anew, or emptied.
  private static let kept = 0.7
  /// What is longer is not read to the end.
  private static let longestBody = 4_000

  /// The listing beside a sheet; nil where none lies there.
  ///
  /// - Throws: an error of the file system.
  init?(beside sheet: Sheet) throws {
    let file = URL(filePath: sheet.file).deletingLastPathComponent().appending(path: "Cell.swift")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    self.init(String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  init(_ text: String) {
    self.text = text
    let definitions = Definition.all(in: text)
    bodies = Dictionary(
      uniqueKeysWithValues: Function.allCases.compactMap { function in
        definitions.first { $0.name == function.rawValue }.map { (function, $0) }
      })
  }

  /// The functions of the listing that a submission has emptied, left out or written anew.
  func lost(in files: [String]) -> Set<Function> {
    let definitions = files.flatMap(Definition.all)
    return Set(
      bodies.compactMap { function, original in
        // The type of the parameters tells the function that is called from another of the same name.
        let own = definitions.filter { $0.name == original.name && $0.parameters == original.parameters }
        let isKept = !own.isEmpty && own.allSatisfy { Self.share(of: original.reached, in: $0.reached) >= Self.kept }
        return isKept ? nil : function
      })
  }

  /// The share of some tokens that stands in others in the same order: the longest common subsequence.
  private static func share(of original: [Definition.Token], in other: [Definition.Token]) -> Double {
    guard !original.isEmpty else { return 1 }
    let other = other.prefix(longestBody)
    var row = [Int](repeating: 0, count: original.count + 1)
    for token in other {
      var diagonal = 0
      for (index, wanted) in original.enumerated() {
        let above = row[index + 1]
        row[index + 1] = token == wanted ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return Double(row[original.count]) / Double(original.count)
  }
}

/// A function of a Swift text, in tokens.
private struct Definition: Sendable {
  /// A token with the number of braces around it: a line that was put into other braces is at another place.
  struct Token: Sendable, Hashable {
    let text: String
    let depth: Int
  }

  let name: String
  /// The types of the parameters, a list of tokens each.
  let parameters: [[String]]
  /// What is between the braces, up to where the function is left.
  let reached: [Token]

  /// What leaves a function, or never comes back.
  private static let exits: Set<String> = [
    "return", "throw", "todo", "fatalError", "preconditionFailure", "exit", "_exit", "quick_exit", "abort",
  ]

  static func all(in text: String) -> [Definition] {
    let tokens = SwiftTokens.read(text)
    return tokens.indices.compactMap { index -> Definition? in
      guard tokens[index] == "func", index + 1 < tokens.count else { return nil }
      return Definition(tokens, at: index + 1)
    }
  }

  private init?(_ tokens: [String], at start: Int) {
    name = tokens[start].trimmingCharacters(of: "`")
    guard let open = tokens[start...].firstIndex(of: "("), let close = Self.closing(of: open, in: tokens, "(", ")"),
      let first = tokens[close...].firstIndex(of: "{"), let last = Self.closing(of: first, in: tokens, "{", "}")
    else { return nil }
    parameters = Self.types(tokens[(open + 1)..<close])
    var reached: [Token] = []
    // Of every brace that is open: whether it is a closure's, which a `return` leaves instead of the function.
    var closures: [Bool] = []
    for index in (first + 1)..<last {
      let token = tokens[index]
      if token == "}" { closures.removeLast() }
      reached.append(Token(text: token, depth: closures.count))
      if token == "{" { closures.append(["=", "(", ",", "return"].contains(tokens[index - 1])) }
      if Self.exits.contains(token), !closures.contains(true) {
        // The statement that leaves belongs to it as far as it goes; what is behind its block does not.
        reached += Self.statement(tokens[(index + 1)..<last], depth: closures.count)
        break
      }
    }
    self.reached = reached
  }

  /// The tokens up to the brace that closes the block in which they stand.
  private static func statement(_ tokens: ArraySlice<String>, depth: Int) -> [Token] {
    var statement: [Token] = []
    var parentheses = 0
    for token in tokens {
      if token == "}" || (parentheses == 0 && !statement.isEmpty && starts.contains(token)) { break }
      if token == "(" || token == "[" { parentheses += 1 }
      if token == ")" || token == "]" { parentheses -= 1 }
      statement.append(Token(text: token, depth: depth))
    }
    return statement
  }

  /// With these begins another statement.
  private static let starts: Set<String> = ["let", "var", "for", "if", "guard", "while", "return", ";", "}"]

  private static func closing(of open: Int, in tokens: [String], _ left: String, _ right: String) -> Int? {
    var depth = 0
    for index in open..<tokens.count {
      if tokens[index] == left { depth += 1 }
      if tokens[index] == right { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// What stands behind the colon of each parameter.
  private static func types(_ tokens: ArraySlice<String>) -> [[String]] {
    var depth = 0
    var types: [[String]] = []
    var type: [String]?
    for token in tokens {
      if token == "(" || token == "[" { depth += 1 }
      if token == ")" || token == "]" { depth -= 1 }
      if depth == 0, token == "," {
        types.append(type ?? [])
        type = nil
      } else if type != nil {
        type?.append(token)
      } else if token == ":" {
        type = []
      }
    }
    return types + (type.map { [$0] } ?? [])
  }
}

extension String {
  fileprivate func trimmingCharacters(of other: Character) -> String {
    String(drop { $0 == other }.reversed().drop { $0 == other }.reversed())
  }
}
