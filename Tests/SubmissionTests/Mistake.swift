// A wrong cell of Tests/Mistakes: its label, and the model solution with the change made, or a cell of its own.

import Foundation
import TestSupport
import Yams

/// What a person did wrong, and what a report should say about it.
struct Mistake: Decodable, Sendable {
  let name: String
  /// What was done, in one sentence.
  let mistake: String
  /// The task in which it shows.
  let task: String
  /// The blocks that come back wrong.
  let blocks: [String]
  /// The first step to go wrong, in the order in which the steps are worked out: `1`, `T`, `T-1` …
  let step: String?
  /// What a right naming has: all of these …
  let `where`: [String]
  /// … and one of these.
  let what: [String]
  /// What the first question after it has, where that matters: all of these.
  let hint: [String]?
  /// What no naming and no question of the whole report may have, in any task.
  let never: [String]?
  /// The change to the model solution …
  let patch: [Change]?
  /// … or the file of a whole cell, where somebody wrote one of his own.
  let cell: String?

  struct Change: Decodable, Sendable {
    let find: String
    let put: String
  }

  /// Every mistake, with its exercise.
  static func all() throws -> [(exercise: String, mistake: Mistake)] {
    try exercises().flatMap { exercise in
      try read([Mistake].self, "\(exercise).yaml").map { (exercise, $0) }
    }
  }

  static func exercises() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
      .map { String($0.dropLast(5)) }.filter { $0 != "judged" }.sorted()
  }

  static func read<Content: Decodable>(_ type: Content.Type, _ file: String) throws -> Content {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    return try YAMLDecoder().decode(type, from: text)
  }

  private static let folder = Repository.tests.appending(path: "Mistakes")

  /// The model solution with the mistake made, or the whole cell.
  func cell(of exercise: String) throws -> String {
    guard let cell else { return try (patch ?? []).applied(to: exercise, name) }
    return try String(contentsOf: Self.folder.appending(path: cell), encoding: .utf8)
  }
}

extension [Mistake.Change] {
  /// The model solution of an exercise, changed.
  ///
  /// - Throws: where a text to be replaced does not stand there exactly once: what changed nothing would prove nothing.
  func applied(to exercise: String, _ name: String) throws -> String {
    try reduce(try Course.solution(exercise)) { text, change in
      let parts = text.components(separatedBy: change.find)
      guard parts.count == 2 else {
        let place = "\(exercise)/\(name): \(change.find.debugDescription)"
        throw PatchError(description: "\(place) stands \(parts.count - 1) times in the solution")
      }
      return parts.joined(separator: change.put)
    }
  }
}

struct PatchError: Error, CustomStringConvertible {
  let description: String
}

/// What a person decided about a naming in words that a label did not foresee.
struct Judgement: Decodable, Sendable {
  /// `exercise/name`.
  let mistake: String
  /// What the naming says: all of these.
  let says: [String]
  let verdict: Verdict
  let why: String

  enum Verdict: String, Decodable, Sendable {
    case right, wrong
  }

  static func all() throws -> [Judgement] { try Mistake.read([Judgement].self, "judged.yaml") }
}

/// Formulas without what differs between ways of writing them: `c_{t-1}`, `cₜ₋₁` and `c_t-1` are one.
struct PlainSymbols {
  let text: String

  init(_ text: String) {
    var plain = ""
    for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
      if scalar == "\u{303}", let letter = plain.popLast() {
        plain += "tilde\(letter)"
      } else if let letter = Self.subscripts[Character(scalar)] {
        plain.append(letter)
      } else if !Self.marks.contains(Character(scalar)) {
        plain.unicodeScalars.append(scalar)
      }
    }
    self.text = plain
  }

  func contains(_ part: String) -> Bool { text.contains(PlainSymbols(part).text) }

  private static let marks: Set<Character> = ["_", "{", "}", "\\", ",", " "]
  private static let subscripts = Dictionary(
    uniqueKeysWithValues: zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₀₁₂₃₄₅₆₇₈₉₊₋", "aehijklmnoprstuvx0123456789+-"))
}
