// Gradients down to 1e-100 of their value at the last step: told from zeros, from the wrong sign, from a hundredfold.

import CellKit
import Foundation
import Recurrence
import Sheets
import Testing

@testable import Grading

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
    for wrong in ["0 * a", "-a", "100 * a"] {
      let submission = try Self.changed(exercise, below: size, to: wrong)
      let grade = try await Course.grade(submission, of: exercise, seed: 3)
      let failed = grade.checks.filter { $0.finding != .agrees && $0.status == .failed && $0.task == "sequence" }
      #expect(failed.map(\.id) == ["sequence.x"], "\(exercise), \(wrong) below \(size): \(failed)")
    }
  }
}
