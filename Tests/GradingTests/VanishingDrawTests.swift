// Gradients down to 1e-100 of their value at the last step: told from zeros, from the wrong sign, from a hundredfold.

import CellKit
import Foundation
import Grading
import Recurrence
import Sheets
import Testing

@testable import Diagnosis
@testable import SubmissionHost

@Suite struct VanishingDrawTests {
  static let exercises = ["rnn-sequence", "lstm-sequence", "gru-sequence", "nndl-6-2p"]

  private static func draw(_ exercise: String, seed: UInt64) throws -> Draw? {
    let cell = try #require(try Course.sheet(exercise).cell)
    let letters = try #require(Draw.several(cell, seed: seed, hasTime: true).last).sizes.letters
    return Draw.vanishing(cell, seed: seed, letters: letters)
  }

  @Test(arguments: exercises) func theGradientVanishesStepByStep(_ exercise: String) throws {
    for seed: UInt64 in 1...20 {
      let draw = try #require(try Self.draw(exercise, seed: seed))
      #expect(draw.sizes.steps <= 40)
      let norms = try #require(draw.gradients.inputs.first).map(Self.norm)
      let ratios = norms.map { $0 / (norms.last ?? 0) }
      #expect(ratios[0] <= 1e-100 && ratios[0] > 1e-200, "\(exercise), seed \(seed): \(ratios)")
      for size in [1e-20, 1e-60] {
        #expect(ratios.contains { $0 < size && $0 > 1e-16 * size }, "\(exercise), seed \(seed): \(ratios)")
      }
    }
  }

  @Test func aResidualCellHasNoSuchDraw() throws {
    let cell = try #require(try Course.sheet("nndl-6-3").cell)
    #expect(Draw.vanishing(cell, seed: 1, letters: ["D": 2, "H": 3, "N": 4]) == nil)
  }

  private static func norm(_ matrix: Matrix) -> Double { matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The model solution with the gradients by x and by the first state replaced wherever they are small enough.
  private static func changed(_ exercise: String, below size: String, to wrong: String) throws -> Submission {
    let text = """
      func norm(_ a: Matrix) -> Double { sqrt((a .* a).elements.reduce(0, +)) }
      func wrong(_ a: Matrix) -> Matrix { \(wrong) }
      func changed(_ total: SequenceGradients) -> SequenceGradients {
        var total = total
        let last = norm(total.x[total.x.count - 1])
        total.x = total.x.map { norm($0) < \(size) * last ? wrong($0) : $0 }
        return total
      }

      """
    let solution = try Course.changed(exercise, "    return total\n", "    return changed(total)\n")
    let file = Submission.File(
      name: "Cell.swift",
      bytes: Array(text.utf8) + (try #require(solution.files.first { $0.name == "Cell.swift" })).bytes)
    return Submission(files: [file])
  }

  @Test(arguments: exercises, ["1e-20", "1e-60", "1e-100"])
  func wrongSmallGradientsAreRejected(_ exercise: String, _ size: String) async throws {
    for (wrong, fault) in [("0 * a", "zeros"), ("-a", "negated"), ("100 * a", "multiple")] {
      let submission = try Self.changed(exercise, below: size, to: wrong)
      let grade = try await Course.grade(submission, of: exercise, seed: 3)
      let failed = grade.checks.filter { $0.finding != .agrees && $0.status == .failed && $0.task == "sequence" }
      #expect(failed.map(\.id) == ["sequence.x"], "\(exercise), \(wrong) below \(size): \(failed)")
      // Named, from the step on where it begins, at a size below the one at which it was done.
      let diagnosis = try #require(failed.first?.diagnosis)
      #expect(diagnosis.fault == "vanished.\(fault)")
      guard case .vanished(let vanished) = diagnosis.cause, case .differs(_, let place)? = failed.first?.finding else {
        Issue.record("\(diagnosis)")
        continue
      }
      #expect(vanished.step == place.step && vanished.steps == place.sizes["T"])
      #expect(vanished.size < Double(size) ?? 0 && vanished.size > 0, "\(vanished)")
      if fault == "multiple" { #expect(vanished.slip == .multiple(100)) }
    }
  }

  /// Mistakes of a real loop that ordinary lengths and sizes do not show.
  @Test(arguments: [
    // The way back is cut off after six steps.
    (
      "    for t in upstream.indices.reversed() {\n",
      "    for t in upstream.indices.reversed() {\n      if upstream.count - t > 6 { fromLater = 0 * fromLater }\n",
      "zeros"
    ),
    // A small number is added against a division by zero.
    ("fromLater = g.previous.h", "fromLater = g.previous.h + 1e-14", "tooLarge"),
  ])
  func whatShowsOnlyThereIsNamed(_ old: String, _ new: String, _ fault: String) async throws {
    let grade = try await Course.grade(Course.changed("rnn-sequence", old, new), of: "rnn-sequence", seed: 3)
    let failed = grade.checks.filter { $0.task == "sequence" && $0.status == .failed }
    #expect(failed.map(\.id) == ["sequence.x", "sequence.initial.h"], "\(failed)")
    #expect(failed.allSatisfy { $0.diagnosis?.fault == "vanished.\(fault)" }, "\(failed)")
    #expect(failed.first?.diagnosis == failed.last?.diagnosis)
  }

  /// A loop forward that goes wrong only after some steps explains the gradients, too.
  @Test func outputsThatGoWrongLateAreTold() async throws {
    let grade = try await Course.grade(
      Course.changed(
        "rnn-sequence", "      state = output\n", "      state = outputs.count > 6 ? State(h: 0 * output.h) : output\n"),
      of: "rnn-sequence", seed: 3)
    let failed = grade.checks.filter { $0.task == "sequence" && $0.status == .failed }
    #expect(failed.first?.id == "sequence.h")
    #expect(failed.allSatisfy { $0.diagnosis?.fault == "manySteps.outputs" }, "\(failed)")
    if case .vanished(let late)? = failed.first?.diagnosis?.cause { #expect(late.step == 8) }
  }
}
