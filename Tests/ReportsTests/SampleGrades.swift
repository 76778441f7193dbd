// Grades with one finding of each kind, and with names and messages that try to get out of the format.

import CellKit
import Derivation
import Diagnostics
import Faults
import Recurrence
import Sheets

@testable import Classroom
@testable import Diagnosis
@testable import Grading
@testable import SubmissionHost

enum SampleGrades {
  static let place = DrawPlace(sizes: ["D": 3, "H": 5, "N": 10], step: nil, zero: [])

  /// One check of every status, a mistake that is named, and manual points.
  static let mixed = grade(
    "students/alice",
    [
      check("forward.h", "hₜ", .agrees),
      check("forward.c", "cₜ", .differs(difference, at: place)),
      check(
        "backward.W", "∂L/∂W", .differs(difference, at: place),
        diagnosis: Diagnosis(fault: "dropped:c", cause: .slip(.dropped), path: ["c_{t-1}", "c_t"])),
      check("backward.b", "∂L/∂b", .notSet),
      check("sequence.h", "hₜ", .noAnswer(.crashed(crash))),
      check("sequence.x", "∂L/∂xₜ", .skipped(needs: "forward")),
      check("essay", "essay", .manual(text: nil)),
    ])

  /// Everything in a submission that a person writes tries to be markup, a formula or a command.
  static let hostile = grade(
    "=HYPERLINK(\"http://x\"),]]><&\"'\n::error::x",
    [
      check(
        "forward.h", "hₜ",
        .doesNotCompile([
          CompilerDiagnostic(
            place: SourcePlace(file: "Cell.swift", line: 3, column: 7),
            message: "]]></failure><testcase name=\"x\"/>\u{1B}[2J\u{0}%0A::stop-commands::x\n##[add-mask]e\u{FFFE}")
        ])),
      check("forward.c", "cₜ", .noAnswer(.malformedAnswer(reason: "@SUM(1)\n::set-env name=PATH::/"))),
    ], printed: "::error file=x::y\n##[error]z\n</system-out>\u{7}")

  /// The first one a save later: a block is right, another one stops the program.
  static let improved = grade(
    "students/alice",
    mixed.checks.map { old in
      switch old.id {
      case "forward.c": check(old.id, old.title, .agrees)
      case "backward.b": check(old.id, old.title, .noAnswer(.timedOut(seconds: 0.5)))
      default: old
      }
    })

  /// Derivation and code beside each other, in every way in which they may stand.
  static let linked = {
    let memory = WrittenGradients.Root(line: 14, latex: #"\frac{\partial L}{\partial c_t}"#)
    let state = WrittenGradients.Root(line: 31, latex: #"\frac{\partial L}{\partial h_{t-1}}"#)
    func link(
      _ task: String, _ block: String, _ title: String, _ verdict: Correspondence.Verdict, line: Int? = nil,
      _ roots: [WrittenGradients.Root] = []
    ) -> Correspondence {
      Correspondence(
        task: task, check: "\(task).\(block)", title: title, verdict: verdict, line: line, roots: roots)
    }
    var input = link("sequence", "x", "∂L/∂xₜ", .codeDiffers, line: 40)
    (input.steps, input.stepCount) = ([2, 3], 4)
    var initial = link("sequence", "initial.h", "∂L/∂h₀", .derivationDiffers, line: 31, [memory, state])
    initial.assumed = [#"\frac{\partial L}{\partial c_t}"#]
    var linked = grade(
      "students/alice", [check("backward.Wf", "∂L/∂W_f", .agrees), check("backward.Uf", "∂L/∂U_f", .agrees)])
    linked.correspondences = [
      link("backward", "Wf", "∂L/∂W_f", .sameMistake, line: 52, [memory]),
      link("backward", "Uf", "∂L/∂U_f", .sameMistake, line: 53, [memory]),
      link("backward", "Wo", "∂L/∂W_o", .codeDiffers, line: 58),
      link("backward", "Uo", "∂L/∂U_o", .codeDiffers, line: 59),
      link("backward", "bf", "∂L/∂b_f", .bothDiffer, line: 54, [memory, state]),
      link("backward", "bo", "∂L/∂bₒ", .notStated), input, initial,
      link("sequence", "Wc", "∂L/∂W_c", .tooMuchWork),
    ]
    return linked
  }()

  static func key(_ submission: String) -> GradeKey {
    GradeKey(
      exercise: "lstm-step", submission: submission, submissionHash: "", exerciseHash: "", grader: "", tasks: "",
      seed: 7)
  }

  private static let difference = Difference(relativeError: 0.25, row: 1, column: 2, expected: 0.5, received: -0.5)

  private static let crash = Crash(
    signal: 4, message: "Index out of range", place: SourcePlace(file: "Cell.swift", line: 12), function: "forward")

  private static func check(
    _ id: String, _ title: String, _ finding: Finding, diagnosis: Diagnosis? = nil
  ) -> Check {
    Check(
      task: String(id.prefix { $0 != "." }), id: id, title: title, finding: finding, diagnosis: diagnosis,
      maxPoints: 10)
  }

  private static func grade(_ name: String, _ checks: [Check], printed: String = "") -> Grade {
    var text = PrintedText()
    text.output = printed
    return Grade(
      exercise: "lstm-step", titles: [.english: "An LSTM", .chinese: "LSTM 的一步"], submission: name, seed: 7,
      checks: checks, written: nil, leftOut: [], warnings: [], printed: text, caveats: [], seconds: 0.25,
      processorSeconds: 0.375)
  }
}
