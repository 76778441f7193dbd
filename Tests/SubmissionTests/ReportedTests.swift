// Mistakes that people reported: each is named by the table, or its formula is found from its numbers.

import Diagnosis
import Foundation
import Grading
import Sheets
import TestSupport
import Testing
import Yams

@Suite(.tier(.test), .timed) struct ReportedTests {
  private struct Reported: Decodable, Sendable {
    let cell: String
    let exercise: String
    /// What the formula is for.
    let of: String?
    /// Its terms, each a list of factors.
    let computed: [[String]]?
    let fault: String?
  }

  private static let folder = Repository.root.appending(path: "Tests/Reported")

  /// A formula without regard to the order of its terms and factors.
  private static func terms(_ latex: String) -> [[String]] {
    latex.replacingOccurrences(of: " - ", with: " + -").components(separatedBy: " + ").map { term in
      var factors: [String] = []
      var rest = term
      if rest.hasPrefix("-") {
        factors.append("-")
        rest.removeFirst()
      }
      for (index, part) in rest.components(separatedBy: " / ").enumerated() {
        factors += index == 0 ? part.components(separatedBy: " \\odot ") : ["/" + part]
      }
      return factors.sorted()
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The brackets of 1 − v² hold a minus that stands between no two terms.
  private static func plain(_ latex: String) -> String { latex.replacingOccurrences(of: "(1 - ", with: "(1-") }

  @Test("reported mistakes: each is named, located, or its formula is found, none wrongly")
  func reportedMistakes() async throws {
    let text = try String(contentsOf: Self.folder.appending(path: "cells.yaml"), encoding: .utf8)
    let reported = try YAMLDecoder().decode([Reported].self, from: text)
    let results = try await reported.concurrently { one -> (Reported, [Diagnosis]) in
      let cell = Self.folder.appending(path: "\(one.cell)/Cell.swift")
      let submission = Course.submission(try String(contentsOf: cell, encoding: .utf8))
      let model = try Course.sheet(one.exercise).model != nil
      let grader = model ? try await Course.grader(one.exercise, model: true) : try await Course.grader(one.exercise)
      return (one, try await grader.grade(submission, named: one.cell, seed: 3).checks.compactMap(\.diagnosis))
    }
    #expect(results.count == 50)
    for (one, diagnoses) in results {
      if let of = one.of, let computed = one.computed {
        let wanted = computed.map { $0.map(Self.plain).sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
        let found = diagnoses.compactMap(\.recovered).filter { $0.of == of }.compactMap(
          \.computed)
        #expect(!found.isEmpty, "\(one.cell): \(diagnoses.map(\.fault))")
        for formula in found { #expect(Self.terms(Self.plain(formula)) == wanted, "\(one.cell): \(formula)") }
      } else {
        #expect(one.fault != nil, "\(one.cell) has no label")
        #expect(diagnoses.contains { $0.fault == one.fault }, "\(one.cell): \(diagnoses.map(\.fault))")
      }
    }
  }
}
