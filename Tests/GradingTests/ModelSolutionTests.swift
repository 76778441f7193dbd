// The models of the course, whole: full marks for the solutions with many seeds, nothing for the starters.

import CellKit
import Diagnostics
import Foundation
import Recurrence
import Sheets
import Testing

@testable import Grading

/// Submissions of the two models, and slips in them.
enum Models {
  static let sheets = ["captioning", "text-generation"]

  /// A sheet of the course, with one text of it replaced.
  static func sheet(_ id: String, _ old: String = "", _ new: String = "") throws -> Sheet {
    let path = Course.root.appending(path: "exercises/\(id)/sheet.md").path
    if old.isEmpty { return try Sheet(path: path) }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old), "\(id) has no `\(old)`")
    return try Sheet(.init(name: "sheet.md", text: text.replacingOccurrences(of: old, with: new)), path: path)
  }

  /// The grade of some tasks of a submission.
  static func grade(
    _ submission: Submission, of sheet: Sheet, tasks: [String]? = nil, seed: UInt64 = 1
  ) async throws -> Grade {
    let grader = try Grader(sheet, tasks: tasks, with: try await TestWorkbench.value)
    return try await grader.grade(submission, named: sheet.id, seed: seed)
  }

  /// A program of the model solution, built once.
  static func program(_ id: String) async throws -> (Sheet, BuiltProgram) {
    let sheet = try sheet(id)
    let interface = CellInterface(sheet, cell: try #require(sheet.cell))
    let outcome = await (try TestWorkbench.value).build(try Course.solution(id), interface: interface)
    guard case .built(let program) = outcome else { throw TestFailure(reason: "\(outcome)") }
    return (sheet, program)
  }
}

@Suite struct ModelSolutionTests {
  /// Every part with twenty seeds; the training, which takes longest, with some of them.
  @Test(arguments: Models.sheets)
  func theModelSolutionGetsFullMarks(_ id: String) async throws {
    let (sheet, program) = try await Models.program(id)
    let grader = try ModelGrader(try #require(sheet.model), sheet: sheet)
    let training = sheet.tasks.filter { if case .training? = $0.model { true } else { false } }
    let parts = sheet.tasks.filter { !training.contains($0) }
    #expect(training.count == 1 && parts.count >= 3)
    for seed: UInt64 in 1...20 {
      let tasks = seed % 5 == 0 ? parts + training : parts
      let (checks, _) = try await grader.run(program, tasks, seed: seed, with: try await TestWorkbench.value)
      #expect(Set(checks.map(\.task)) == Set(tasks.map(\.id)))
      #expect(checks.allSatisfy { $0.status == .passed }, "seed \(seed): \(checks.filter { $0.status != .passed })")
    }
  }

  @Test(arguments: Models.sheets)
  func aWholeGradeAddsUp(_ id: String) async throws {
    let grade = try await Models.grade(Course.solution(id), of: Models.sheet(id), seed: 3)
    #expect(grade.hasFullMarks && grade.score == 100 && grade.maxScore == 100)
  }

  @Test(arguments: Models.sheets)
  func theStarterCompilesAndEarnsNothing(_ id: String) async throws {
    let sheet = try Models.sheet(id)
    let starter = try Starter(sheet, kitSources: Course.root.appending(path: "Sources"))
    #expect(Set(["Cell.swift", "Interface.swift", "Package.swift"]).isSubset(of: starter.files.map(\.name)))
    let cell = try #require(starter.files.first { $0.name == "Cell.swift" })
    let grade = try await Models.grade(Submission(files: [cell]), of: sheet)
    #expect(grade.score == 0)
    for check in grade.checks {
      switch check.finding {
      case .noAnswer(.notWritten(_, let place)): #expect(place?.file == "Cell.swift")
      case .skipped(let needs): #expect(needs == "forward")
      default: Issue.record("\(check)")
      }
    }
  }

  @Test func withoutAFileTheTypeIsNamed() async throws {
    let grade = try await Models.grade(Submission(files: []), of: Models.sheet("captioning"))
    #expect(grade.score == 0 && grade.maxScore == 100)
    #expect(grade.checks.allSatisfy { $0.finding == .noCode(type: "CaptionRNN", conformingTo: "Model") })
  }

  @Test func aMissingFunctionIsNamed() async throws {
    let submission = try Course.changed("text-generation", "static func clip(", "static func cut(")
    let grade = try await Models.grade(submission, of: Models.sheet("text-generation"))
    guard case .doesNotCompile(let errors)? = grade.checks.first?.finding else {
      Issue.record("it compiled")
      return
    }
    #expect(
      errors.contains { $0.message.contains("lacks `static func clip(_ g: Gradients, to limit: Double)") }, "\(errors)")
  }

  /// Captions: all different, all in the vocabulary, padding only at the end; another seed gives others.
  @Test func captionsAreWhatTheSheetSays() throws {
    let one = Captions(count: 50, features: 24, seed: 1)
    #expect(Set(one.words).count == 50 && one.features.allSatisfy { $0.count == 24 })
    #expect(one.words.allSatisfy { $0.first == 1 && $0.last == 2 && !$0.contains(0) && (5...9).contains($0.count) })
    #expect(one.words == Captions(count: 50, features: 24, seed: 1).words)
    #expect(one.words != Captions(count: 50, features: 24, seed: 2).words)
    let sheet = try Models.sheet("captioning")
    let data = try ModelData(try #require(sheet.model), in: URL(filePath: sheet.file).deletingLastPathComponent())
    let batch = try #require(data.batches(seed: 1).first)
    #expect(batch.targetCount == Double(one.words.reduce(0) { $0 + $1.count - 1 }))
    #expect(batch.words[0].rows == 50 && batch.words[0].columns == 20)
  }

  /// The text: every character once, the last window short and masked.
  @Test func theTextIsReadWhole() throws {
    let sheet = try Models.sheet("text-generation")
    let folder = URL(filePath: sheet.file).deletingLastPathComponent()
    let data = try ModelData(try #require(sheet.model), in: folder)
    let text = try String(contentsOf: folder.appending(path: "rhyme.txt"), encoding: .utf8)
    var read = ""
    for batch in data.batches(seed: 1) {
      for row in 0..<batch.words[0].rows {
        for (word, mask) in zip(batch.targets, batch.mask) where mask[row, 0] == 1 {
          read += data.vocabulary[try #require((0..<word.columns).first { word[row, $0] == 1 })]
        }
      }
    }
    #expect(read == String(text.dropFirst()))
    #expect(data.batches(seed: 1).last?.mask.last?.elements.last == 0)
  }

  @Test func drawsTellTheirCountsApart() throws {
    for id in Models.sheets {
      let model = try #require(try Models.sheet(id).model).model
      for seed: UInt64 in 1...20 {
        for draw in ModelDraw.several(model, seed: seed) {
          let sizes = Array(draw.letters.values) + [draw.steps]
          #expect(Set(sizes).count == sizes.count, "\(id), seed \(seed): \(draw.letters)")
          let (samples, targets) = (draw.letters["N"] ?? 0, Int(draw.batch.targetCount))
          #expect(samples < targets && targets < samples * draw.steps)
        }
        for temperature in [0, 0.5, 1, 2] {
          let draws = SamplingDraw.several(model, temperature: temperature, seed: seed)
          #expect(draws.count == 2, "\(id), seed \(seed), \(temperature)")
        }
      }
    }
  }
}
