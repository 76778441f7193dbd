// The models of the course, whole: full marks for the solutions with many seeds, nothing for the starters.

import CellKit
import Diagnostics
import Foundation
import Models
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Grading
@testable import SubmissionHost

/// Submissions of the two models, and slips in them.
enum Models {
  static let sheets = ["captioning", "text-generation"]

  /// A sheet of the course, with one text of it replaced.
  static func sheet(_ id: String, _ old: String = "", _ new: String = "") throws -> Sheet {
    let path = Repository.root.appending(path: "exercises/\(id)/sheet.md").path
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

@Suite(.tier(.test), .timed) struct ModelSolutionTests {
  @Test("model solutions: every part and the training pass for twenty seeds", arguments: Models.sheets)
  func theModelSolutionGetsFullMarks(_ id: String) async throws {
    let (sheet, program) = try await Models.program(id)
    let judge = try Judge(sheet)
    let caller = JailedProgram(program, in: try await TestWorkbench.value)
    #expect(sheet.tasks.count >= 4)
    for seed: UInt64 in 1...20 {
      let checks = try await judge.judge(caller, sheet.tasks, seed: seed).checks
      #expect(Set(checks.map(\.task)) == Set(sheet.tasks.map(\.id)))
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
    let starter = try Starter(sheet, kitSources: Repository.root.appending(path: "Sources"))
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
    // The order of words is the same within a seed and another one in others: an article begins all phrases or none.
    let begins = (1...20).map { seed in
      Set(Captions(count: 50, features: 24, seed: seed).words.filter { $0.count < 7 }.map { $0[1] == 3 })
    }
    #expect(begins.allSatisfy { $0.count == 1 } && Set(begins).count == 2)
    let sheet = try Models.sheet("captioning")
    let data = try ModelData(try #require(sheet.model), in: URL(filePath: sheet.file).deletingLastPathComponent())
    let batch = try #require(data.batches(seed: 1).first)
    #expect(batch.targetCount == Double(one.words.reduce(0) { $0 + $1.count - 1 }))
    #expect(batch.words[0].rows == 50 && batch.words[0].columns == 20)
  }

  @Test("a text is told anew for each seed: other words, other lines, the same counts")
  func aTextIsToldAnew() throws {
    let url = Repository.root.appending(path: "exercises/text-generation/rhyme.txt")
    let text = try String(contentsOf: url, encoding: .utf8)
    func words(_ text: String) -> [String] { text.split { !$0.isLetter }.map(String.init) }
    func counts(_ text: String) -> [Int] {
      Dictionary(grouping: words(text)) { $0 }.map { $0.key.count * 1_000 + $0.value.count }.sorted()
    }
    var seen: Set<String> = []
    for seed: UInt64 in 1...20 {
      let told = Retelling.of(text, seed: seed)
      #expect(told == Retelling.of(text, seed: seed) && seen.insert(told).inserted)
      #expect(told.count == text.count && Set(told).isSubset(of: Set(text)))
      // As many different words of each length, each as often as before, and none of them there before.
      #expect(counts(told) == counts(text) && Set(words(told)).isDisjoint(with: Set(words(text))))
      #expect(told.filter { !$0.isLetter }.sorted() == text.filter { !$0.isLetter }.sorted())
      #expect(told.hasSuffix(".\n"))
    }
    // No letter stands for another one throughout: that could be turned round in the weights.
    let told = Retelling.of("abab acac\nadad aeae\nagag", seed: 1)
    #expect(Set(words(told)).count == 5)
    #expect(Retelling.of("", seed: 1) == "" && Retelling.of("一二三", seed: 1).count == 3)
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
    #expect(read == String(Retelling.of(text, seed: 1).dropFirst()))
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
