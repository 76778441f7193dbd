// A remedy is judged by experiment: what is one passes, and what only looks like one does not.

import Foundation
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

/// A remedy for NNDL 6.50 as its two functions; the rest of the file is always the same.
private struct Candidate {
  /// What it is, for a failing test.
  let name: String
  /// The new state, from x, h, p and z = U h + W x + b.
  let forward: String
  /// Statements that set `g` from `dh`, x, h, p and z; nil for the gradients of the residual cell scaled by `step`.
  var backward: String? = nil
  /// Beside the functions.
  var more = ""
  /// Ids of checks that fail, without the task.
  let fails: Set<String>

  var source: String {
    let residual = """
      let dz = dh .* (1 - tanh(z) .* tanh(z))
      g.x = p.W.T * dz
      g.previous.h = dh + p.U.T * dz
      g.U = dz * h.T
      g.W = dz * x.T
      g.b = dz.sumOverColumns()
      """
    return """
      import CellKit
      struct Remedy: Cell {
        struct Cache { var x, h: Matrix }
        \(more)
        static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
          let h = previous.h
          let z = p.U * h + p.W * x + p.b
          let new: Matrix = \(forward)
          _ = z
          return (Output(h: new), Cache(x: x, h: h))
        }
        static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
          let (x, h) = (cache.x, cache.h)
          let z = p.U * h + p.W * x + p.b
          let dh = upstream.h
          var g = Gradients()
          \(backward ?? residual)
          _ = (x, h, z, dh)
          return g
        }
      }

      """
  }

  var submission: Submission { Submission(files: [.init(name: "Remedy.swift", bytes: Array(source.utf8))]) }

  /// Gradients of `keep h + rate tanh(z)`.
  static func scaled(_ rate: String, keep: String = "1.0") -> String {
    """
    let dz = \(rate) * dh .* (1 - tanh(z) .* tanh(z))
    g.x = p.W.T * dz
    g.previous.h = \(keep) * dh + p.U.T * dz
    g.U = dz * h.T
    g.W = dz * x.T
    g.b = dz.sumOverColumns()
    """
  }

  static let zeros = """
    g.x = Matrix.zeros(like: x)
    g.previous.h = Matrix.zeros(like: h)
    g.U = Matrix.zeros(like: p.U)
    g.W = Matrix.zeros(like: p.W)
    g.b = Matrix.zeros(like: p.b)
    """
}

@Suite(.serialized, .tier(.test), .timed) struct RemedyTests {
  private func grade(_ submission: Submission, seed: UInt64 = 1, of id: String = "nndl-6-3") async throws -> Grade {
    let grader = try Grader(Course.sheet(id), tasks: ["remedy"], with: try await TestWorkbench.value)
    return try await grader.grade(submission, named: id, seed: seed)
  }

  private static let remedies = [
    Candidate(name: "a small step", forward: "h + 0.02 * tanh(z)", backward: Candidate.scaled("0.02"), fails: []),
    Candidate(
      name: "a leak", forward: "0.98 * h + 0.02 * tanh(z)", backward: Candidate.scaled("0.02", keep: "0.98"), fails: []),
    Candidate(
      name: "a small step with ReLU", forward: "h + 0.03 * relu(z)",
      backward: """
        let dz = 0.03 * dh .* z.map { $0 > 0 ? 1 : 0 }
        g.x = p.W.T * dz
        g.previous.h = dh + p.U.T * dz
        g.U = dz * h.T
        g.W = dz * x.T
        g.b = dz.sumOverColumns()
        """, fails: []),
    Candidate(
      name: "a gate that is nearly shut", forward: "(1 - gate(h, x, p)) .* h + gate(h, x, p) .* tanh(z)",
      backward: """
        let k = gate(h, x, p)
        let dk = dh .* (tanh(z) - h) .* k .* (1 - k)
        let dz = dh .* k .* (1 - tanh(z) .* tanh(z))
        g.x = p.W.T * (dz + dk)
        g.previous.h = dh .* (1 - k) + p.U.T * dz + p.U * dk
        g.U = dz * h.T + h * dk.T
        g.W = (dz + dk) * x.T
        g.b = (dz + dk).sumOverColumns()
        """,
      more: """
        static func gate(_ h: Matrix, _ x: Matrix, _ p: Parameters) -> Matrix {
          sigmoid(p.U.T * h + p.W * x + p.b + (-4.0))
        }
        """, fails: []),
    Candidate(
      name: "the units exchange their places, and little is added",
      forward: "Remedy.shift(h) * h + 0.05 * tanh(z)",
      backward: Candidate.scaled("0.05", keep: "Remedy.shift(h).T"),
      more: """
        static func shift(_ h: Matrix) -> Matrix {
          var shift = Matrix.zeros(h.rows, h.rows)
          for row in 0..<h.rows { shift[row, (row + 1) % h.rows] = 1 }
          return shift
        }
        """, fails: []),
    Candidate(
      name: "a small step that is clipped", forward: "h + 0.02 * z.map { max(-1, min(1, $0)) }",
      backward: """
        let dz = 0.02 * dh .* z.map { abs($0) < 1 ? 1 : 0 }
        g.x = p.W.T * dz
        g.previous.h = dh + p.U.T * dz
        g.U = dz * h.T
        g.W = dz * x.T
        g.b = dz.sumOverColumns()
        """, fails: []),
  ]

  @Test(arguments: remedies.indices)
  func whatIsARemedyPasses(_ index: Int) async throws {
    let candidate = Self.remedies[index]
    for seed: UInt64 in [2] {
      let grade = try await grade(candidate.submission, seed: seed)
      let failed = grade.checks.filter { $0.status != .passed }
      #expect(failed.isEmpty, "\(candidate.name): \(failed.map { ($0.id, $0.finding) })")
      #expect(grade.score == grade.maxScore)
    }
  }

  private static let others = [
    Candidate(name: "the cell itself", forward: "h + tanh(z)", fails: ["growth"]),
    Candidate(
      name: "the simple network", forward: "tanh(z)", backward: Candidate.scaled("1.0", keep: "0.0"),
      fails: ["decay", "far"]),
    Candidate(
      name: "a leak that forgets", forward: "0.9 * h + 0.1 * tanh(z)", backward: Candidate.scaled("0.1", keep: "0.9"),
      fails: ["decay"]),
    Candidate(
      name: "nothing happens", forward: "h + 0.0 * z",
      backward: Candidate.zeros.replacingOccurrences(of: "Matrix.zeros(like: h)", with: "dh"),
      fails: ["far", "order", "parameter.U", "parameter.W", "parameter.b", "state"]),
    Candidate(
      name: "next to nothing happens", forward: "h + 1e-6 * tanh(z)", backward: Candidate.scaled("1e-6"),
      fails: ["order", "parameter.U", "state"]),
    Candidate(
      name: "a sum of the inputs", forward: "h + p.W * x + p.b",
      backward: """
        g.x = p.W.T * dh
        g.previous.h = dh
        g.U = Matrix.zeros(like: p.U)
        g.W = dh * x.T
        g.b = dh.sumOverColumns()
        """, fails: ["order", "parameter.U"]),
    Candidate(
      name: "the input is ignored", forward: "h + 0.1 * tanh(p.U * h + p.b)",
      backward: """
        let dz = 0.1 * dh .* (1 - tanh(p.U * h + p.b) .* tanh(p.U * h + p.b))
        g.x = Matrix.zeros(like: x)
        g.previous.h = dh + p.U.T * dz
        g.U = dz * h.T
        g.W = Matrix.zeros(like: p.W)
        g.b = dz.sumOverColumns()
        """, fails: ["far", "order", "parameter.W", "state"]),
    Candidate(
      name: "zero gradients", forward: "h + 0.02 * tanh(z)", backward: Candidate.zeros, fails: ["gradient", "decay"]),
    Candidate(
      name: "the way back is shortened to the identity", forward: "h + tanh(z)",
      backward: Candidate.scaled("1.0") + "\ng.previous.h = dh", fails: ["gradient"]),
    Candidate(
      name: "the gradient alone is clipped", forward: "h + tanh(z)",
      backward: Candidate.scaled("1.0") + """

        var squares = 0.0
        for row in 0..<g.previous.h.rows {
          for column in 0..<g.previous.h.columns { squares += g.previous.h[row, column] * g.previous.h[row, column] }
        }
        if squares > 100 { g.previous.h = g.previous.h * (10 / sqrt(squares)) }
        """, fails: ["gradient"]),
    Candidate(
      name: "a parameter's gradient is wrong", forward: "h + 0.02 * tanh(z)",
      backward: Candidate.scaled("0.02") + "\ng.U = -1.0 * g.U", fails: ["gradient"]),
    Candidate(
      name: "a mean where the sum belongs", forward: "h + 0.02 * tanh(z)",
      backward: Candidate.scaled("0.02") + "\ng.b = 0.25 * g.b", fails: ["gradient"]),
    Candidate(
      name: "a gradient of fixed length", forward: "h + tanh(z)",
      backward: Candidate.scaled("1.0") + """

        var squares = 0.0
        for row in 0..<g.previous.h.rows {
          for column in 0..<g.previous.h.columns { squares += g.previous.h[row, column] * g.previous.h[row, column] }
        }
        g.previous.h = g.previous.h * (8 / sqrt(squares))
        """, fails: ["gradient"]),
    Candidate(
      name: "the first input is kept aside and put in at the end",
      forward: "Remedy.next(x, tanh(z), p)", backward: Candidate.scaled("1.0", keep: "0.0"),
      more: """
        static var first: Matrix? = nil
        static var count = 0
        static func next(_ x: Matrix, _ value: Matrix, _ p: Parameters) -> Matrix {
          if count == 0 { first = p.W * x }
          count += 1
          guard count == 100, let kept = first else { return value }
          count = 0
          return value + kept
        }
        """, fails: ["steps", "decay"]),
  ]

  /// Cells that have something in common with a remedy and are none.
  private static let cheats = [
    Candidate(
      name: "a scaled identity", forward: "0.995 * h + 0.0 * z",
      backward: Candidate.zeros.replacingOccurrences(of: "Matrix.zeros(like: h)", with: "0.995 * dh"),
      fails: ["far", "order"]),
    Candidate(
      name: "a scaled identity beside which U is a bias", forward: "0.98 * h + 0.02 * tanh(Remedy.arriving(x, p))",
      backward: """
        let value = tanh(Remedy.arriving(x, p))
        let dz = 0.02 * dh .* (1 - value .* value)
        g.x = p.W.T * dz
        g.previous.h = 0.98 * dh
        g.U = dz.sumOverColumns() * Matrix(rows: 1, columns: h.rows, repeating: 1)
        g.W = dz * x.T
        g.b = dz.sumOverColumns()
        """,
      more: """
        static func arriving(_ x: Matrix, _ p: Parameters) -> Matrix { p.W * x + p.b + p.U.sumOverColumns() }
        """, fails: ["turn"]),
    Candidate(
      name: "the state is turned round at every step", forward: "-1.0 * h + 0.0 * z",
      backward: Candidate.zeros.replacingOccurrences(of: "Matrix.zeros(like: h)", with: "-1.0 * dh"), fails: ["far"]),
    Candidate(
      name: "the backward of a remedy behind the cell itself", forward: "h + tanh(z)",
      backward: Candidate.scaled("0.02"), fails: ["gradient"]),
    Candidate(
      name: "the backward of a remedy behind the simple network", forward: "tanh(z)",
      backward: Candidate.scaled("0.02"), fails: ["gradient"]),
    Candidate(
      name: "the backward of an identity behind a gate", forward: "0.5 * h + 0.5 * tanh(z)",
      backward: Candidate.zeros.replacingOccurrences(of: "Matrix.zeros(like: h)", with: "dh"), fails: ["gradient"]),
    Candidate(
      name: "the state is ignored", forward: "tanh(p.W * x + p.b)",
      backward: """
        let dz = dh .* (1 - tanh(p.W * x + p.b) .* tanh(p.W * x + p.b))
        g.x = p.W.T * dz
        g.previous.h = Matrix.zeros(like: h)
        g.U = Matrix.zeros(like: p.U)
        g.W = dz * x.T
        g.b = dz.sumOverColumns()
        """, fails: ["decay", "far", "parameter.U"]),
    Candidate(
      name: "zeros", forward: "Matrix.zeros(like: h)", backward: Candidate.zeros, fails: ["decay", "far", "state"]),
    Candidate(
      name: "a constant", forward: "h.map { _ in 0.5 }", backward: Candidate.zeros, fails: ["decay", "far", "state"]),
    Candidate(
      name: "the simple network with ReLU", forward: "relu(z)",
      backward: """
        let dz = dh .* z.map { $0 > 0 ? 1 : 0 }
        g.x = p.W.T * dz
        g.previous.h = p.U.T * dz
        g.U = dz * h.T
        g.W = dz * x.T
        g.b = dz.sumOverColumns()
        """, fails: ["decay"]),
    Candidate(
      name: "squashed inputs, added up", forward: "h + 0.1 * tanh(p.W * x + p.b)",
      backward: """
        let value = tanh(p.W * x + p.b)
        let dz = 0.1 * dh .* (1 - value .* value)
        g.x = p.W.T * dz
        g.previous.h = dh
        g.U = Matrix.zeros(like: p.U)
        g.W = dz * x.T
        g.b = dz.sumOverColumns()
        """, fails: ["order", "parameter.U", "turn"]),
  ]

  @Test("remedy: a cell that is none earns nothing", arguments: (others + cheats).indices)
  func whatIsNoneDoesNot(_ index: Int) async throws {
    let candidate = (Self.others + Self.cheats)[index]
    let grade = try await grade(candidate.submission)
    let failed = Set(grade.checks.filter { $0.status == .failed }.map { String($0.id.dropFirst("remedy.".count)) })
    #expect(failed.isSuperset(of: candidate.fails), "\(candidate.name) fails \(failed) only")
    #expect(grade.score == 0, "\(candidate.name) earns \(grade.score): fails \(failed)")
    // What was measured is told all the same.
    #expect(grade.checks.allSatisfy { $0.status == .failed || $0.status == .skipped })
    if candidate.name == "the cell itself" { #expect(failed.isSubset(of: ["growth", "state"])) }
  }

  @Test("remedy: a bias that is left out costs its own check alone")
  func aBiasThatIsLeftOutCostsItsOwnCheck() async throws {
    let candidate = Candidate(
      name: "without a bias", forward: "h + 0.02 * tanh(p.U * h + p.W * x)",
      backward: """
        let value = tanh(p.U * h + p.W * x)
        let dz = 0.02 * dh .* (1 - value .* value)
        g.x = p.W.T * dz
        g.previous.h = dh + p.U.T * dz
        g.U = dz * h.T
        g.W = dz * x.T
        g.b = Matrix.zeros(like: p.b)
        """, fails: [])
    let grade = try await grade(candidate.submission)
    #expect(grade.checks.filter { $0.status != .passed }.map(\.id) == ["remedy.parameter.b"])
    #expect(grade.score == grade.maxScore - grade.checks.filter { $0.id == "remedy.parameter.b" }[0].maxPoints)
  }

  @Test func whatGivesNoAnswerSaysWhy() async throws {
    func only(_ source: String) async throws -> [String] {
      let file = Submission.File(name: "Remedy.swift", bytes: Array(source.utf8))
      let grade = try await grade(Submission(files: [file]))
      #expect(grade.score == 0)
      return Set(grade.checks.map(\.verdict)).sorted()
    }
    let right = Self.remedies[0].source
    #expect(try await only("struct Other {}") == ["doesNotCompile"])
    #expect(
      try await only(right.replacingOccurrences(of: "let h = previous.h", with: "let h: Matrix = todo(\"h\")")) == [
        "failed"
      ])
    #expect(try await only(right.replacingOccurrences(of: "Output(h: new)", with: "Output(h: new.T)")) == ["crashed"])
    #expect(try await only(right.replacingOccurrences(of: "0.02 * tanh(z)", with: "(0.0 / 0.0) * z")) == ["failed"])
    #expect(
      try await only(
        right.replacingOccurrences(of: "let dh = upstream.h", with: "let dh = upstream.h\nwhile p.U.rows > 1 {}"))
        == ["timedOut"])
    #expect(try await only(right.replacingOccurrences(of: "g.W = dz * x.T", with: "")) == ["failed"])
  }

  @Test func withoutAFileOrBesideACellThatDoesNotCompileTheRestIsGraded() async throws {
    let solution = try Course.solution("nndl-6-3")
    let cell = try #require(solution.files.first { $0.name == "Cell.swift" })
    let alone = try await Course.grade(Submission(files: [cell]), of: "nndl-6-3")
    let remedy = alone.checks.filter { $0.task == "remedy" }
    #expect(!remedy.isEmpty && remedy.allSatisfy { $0.finding == .noCode(type: "Remedy") })
    #expect(alone.checks.filter { $0.task == "backward" || $0.task == "flow" }.allSatisfy { $0.status == .passed })

    let broken = Submission.File(name: "Remedy.swift", bytes: Array("struct Remedy: Cell { let }".utf8))
    let both = try await Course.grade(Submission(files: [cell, broken]), of: "nndl-6-3")
    #expect(both.checks.filter { $0.task == "remedy" }.allSatisfy { $0.verdict == "doesNotCompile" })
    #expect(both.checks.filter { $0.task == "backward" || $0.task == "flow" }.allSatisfy { $0.status == .passed })
  }

  @Test func theStarterCompilesAndIsNoRemedy() async throws {
    let starter = try Starter(Course.sheet("nndl-6-3"), kitSources: Repository.root.appending(path: "Sources"))
    let files = starter.files.filter { ["Cell.swift", "Remedy.swift"].contains($0.name) }
    #expect(files.count == 2)
    let grade = try await grade(Submission(files: files))
    #expect(grade.score == 0)
    #expect(
      grade.checks.allSatisfy { if case .noAnswer(.notWritten("forward", _)) = $0.finding { true } else { false } })
  }

  @Test func theModelRemedyPasses() async throws {
    for seed: UInt64 in 1...3 {
      let grade = try await grade(Course.solution("nndl-6-3"), seed: seed)
      #expect(grade.hasFullMarks, "seed \(seed): \(grade.checks.filter { $0.status != .passed })")
    }
  }
}
