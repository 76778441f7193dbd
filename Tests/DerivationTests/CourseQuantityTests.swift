// The course's quantities: a right answer passes in every reasonable form, for every seed; what comes close does not.

import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing

@testable import Derivation

/// Answers to one quantity of the course.
struct QuantityForms: Sendable, CustomTestStringConvertible {
  var exercise: String
  var task: String
  var right: [String]
  var wrong: [String]
  var testDescription: String { "\(exercise) \(task)" }

  init(_ exercise: String, _ task: String, right: [String], wrong: [String]) {
    (self.exercise, self.task, self.right, self.wrong) = (exercise, task, right, wrong)
  }
}

private let forms: [QuantityForms] = [
  QuantityForms(
    "remedies", "relu-factor",
    right: [#"\frac{\sqrt 2}{2} g"#, #"\sqrt{\frac{g^2}{2}}"#, #"\left(\frac{g^2}{2}\right)^{1/2}"#, "g/√2"],
    wrong: [#"\frac{g}{2}"#, #"g \sqrt{\frac{H}{2}}"#, "g"]),
  QuantityForms(
    "remedies", "relu-gain", right: [#"\sqrt2"#, "2^{1/2}", #"2^{0.5}"#, #"\frac{2}{\sqrt{2}}"#], wrong: ["2", "1.41"]),
  QuantityForms(
    "remedies", "gate-share", right: ["f^{n}", #"\exp(n \log f)"#, #"e^{n \ln f}"#], wrong: ["f^{n-1}", "1 - f^n"]),
  QuantityForms(
    "remedies", "gate-bias",
    right: [
      #"-\ln(e^{1/n} - 1)"#, #"\ln\frac{1}{e^{1/n}-1}"#, #"\log\left(\frac{e^{-1/n}}{1 - e^{-1/n}}\right)"#,
      #"-\frac{1}{n} - \ln(1 - e^{-\frac1n})"#,
    ], wrong: [#"\log n"#, #"\log(n - \frac{1}{2})"#, #"\log(e^{1/n} - 1)"#]),
  QuantityForms(
    "remedies", "clip-start", right: [#"\log(\theta) / \log(r)"#, #"\frac{\ln\theta}{\ln r}"#, #"\ln\theta / \ln r"#],
    wrong: [#"\log(\theta) - \log(r)"#, #"\log(\frac{\theta}{r})"#]),
  QuantityForms(
    "remedies", "clip-share", right: [#"\theta r^{-n}"#, #"\theta / r^n"#, #"\min(1, \frac{\theta}{r^n})"#],
    wrong: [#"\frac{r^n}{\theta}"#, #"\theta^n / r^n"#, #"\theta"#]),
  QuantityForms(
    "tuning", "soft-slope",
    right: [
      "(1+z)^{-2}", #"\frac{1}{(1 + |z|)^2}"#, #"\frac{1}{1+z} - \frac{z}{(1+z)^2}"#, #"\frac{1}{1 + 2z + z^2}"#,
    ],
    wrong: [#"\frac{1}{1+z}"#, #"\frac{1}{(1-z)^2}"#, #"\frac{1}{1+z^2}"#]),
  QuantityForms(
    "tuning", "tanh-tail", right: ["4 e^{-2z}", #"\frac{4}{e^{2z}}"#, #"4\exp(-2 z)"#, #"\frac{4}{(e^z)^2}"#],
    wrong: ["2e^{-2z}", "4e^{-z}", #"\frac{4}{(e^z + e^{-z})^2}"#, #"1 - \tanh^2(z)"#]),
  QuantityForms(
    "tuning", "half-life",
    right: [#"\frac{\ln 2}{\ln \frac{1}{f}}"#, #"\frac{\log(1/2)}{\log f}"#, #"\frac{\log 2}{|\log f|}"#],
    wrong: [#"\frac{\log 2}{\log f}"#, #"-\frac{\log f}{\log 2}"#]),
  QuantityForms("tuning", "old-share", right: ["r^{n}", #"e^{n \ln r}"#], wrong: ["r^{-n}", #"\eta r^n"#, "r^{n-1}"]),
  QuantityForms(
    "tuning", "descent", right: [#"-\eta G^{2}"#, #"-\eta \cdot G \cdot G"#], wrong: [#"\eta G^2"#, #"-\eta G"#]),
  QuantityForms(
    "tuning", "stable-rate", right: [#"2/\lambda"#, #"2\lambda^{-1}"#], wrong: [#"1/\lambda"#, #"\lambda/2"#]),
  QuantityForms("tuning", "mean-rate", right: [#"\eta N"#, #"N\cdot\eta"#], wrong: [#"\eta/N"#, #"\eta"#]),
  QuantityForms(
    "tuning", "clip-value", right: ["b/v", #"b v^{-1}"#, #"\frac{\min(b, v)}{\min(a, v)}"#],
    wrong: ["b/a", "v/b", "1"]),
  QuantityForms(
    "nndl-6-1p", "lstm-parameters", right: ["4(HD + H^2 + H)", "4H^2 + 4HD + 4H", #"4 \times H \times (D + H + 1)"#],
    wrong: ["4H(H+D)", "4H(H+D+2)", "3H(H+D+1)"]),
  QuantityForms("nndl-6-1p", "gru-parameters", right: ["3(HD + H^2 + H)"], wrong: ["3H(H+D+2)", "2H(H+D+1)"]),
  QuantityForms("nndl-6-1p", "lstm-cost", right: ["H(4H + 4D + 3)"], wrong: ["4H(H+D)", "4H(H+D) + 4H"]),
  QuantityForms("nndl-6-1p", "gru-cost", right: ["3H(H + D + 1)"], wrong: ["3H(H+D) + 2H", "3H(H+D)"]),
  QuantityForms("nndl-6-1p", "lstm-memory", right: ["D + H + H + 4H", "6H + D"], wrong: ["D + 5H", "D + 7H"]),
  QuantityForms("nndl-6-1p", "gru-memory", right: ["4H + D"], wrong: ["D + 3H", "D + 5H"]),
  QuantityForms(
    "nndl-6-1p", "same-budget",
    right: [
      #"\frac{-(D+1) + \sqrt{(D+1)^2 + 16H(H+D+1)/3}}{2}"#,
      #"-\frac{D+1}{2} + \sqrt{\left(\frac{D+1}{2}\right)^2 + \frac{4}{3} H(H+D+1)}"#,
    ], wrong: [#"\frac{4}{3} H"#, #"\sqrt{\frac{4}{3}} H"#]),
  QuantityForms("nndl-6-1p", "lstm-counter", right: ["n", "0 + n"], wrong: ["n - 1", "1"]),
  QuantityForms(
    "nndl-6-1p", "gru-counter", right: ["1 - z^{n}", #"(1-z) \frac{1 - z^n}{1-z}"#],
    wrong: ["-z^n", "z - z^n", "1 - z^{n-1}", "1", "(1-z)^n", "n(1-z)"]),
  QuantityForms(
    "rnn-bptt", "terms", right: [#"T(T+1)/2"#, #"\frac{T^2 + T}{2}"#, #"\frac12 T (T+1)"#], wrong: ["T^2", "T(T-1)/2"]),
  QuantityForms("rnn-bptt", "bptt-cost", right: ["TH(2H + D)", "2TH^2 + THD"], wrong: ["T(H^2 + HD)"]),
  QuantityForms("rnn-bptt", "rtrl-cost", right: ["T(H^2 + H^3)(D + H + 1)"], wrong: ["TH^3(H+D+1)"]),
  QuantityForms("rnn-bptt", "bptt-memory", right: ["T(H+D) + H"], wrong: ["T(H+D)"]),
  QuantityForms("rnn-bptt", "rtrl-memory", right: ["H(H^2 + HD + H)"], wrong: ["H^2(H+D)"]),
  QuantityForms(
    "rnn-bptt", "crossing", right: [#"H \frac{H(H+D+1) - 1}{H + D}"#], wrong: [#"\frac{H^2(H+D+1)}{H+D}"#]),
  QuantityForms("gate-derivation", "parameters", right: ["4H(D + 3H + 2)"], wrong: ["8H(D+H+1)"]),
  QuantityForms("gate-derivation", "roads", right: ["T"], wrong: ["T - 1", "2T", "2^{T-1}"]),
]

@Suite struct CourseQuantityTests {
  private static let exercises = Repository.root.appending(path: "exercises")

  @Test(arguments: forms)
  func formsOfAnAnswer(_ forms: QuantityForms) throws {
    let sheet = try Sheet(path: Self.exercises.appending(path: "\(forms.exercise)/sheet.md").path)
    let task = try #require(sheet.tasks.first { $0.id == forms.task })
    let answer = try #require(task.answer)
    let checker = try QuantityChecker(answer: answer, between: task.between)
    let name = try #require(answer.text.split(separator: "=").first)
    for seed in 1...20 as ClosedRange<UInt64> {
      for (formulas, isRight) in [(forms.right, true), (forms.wrong, false)] {
        for formula in formulas {
          let text = SourceText(name: "derivation.md", text: "```math\n\(name) = \(formula)\n```\n")
          let report = checker.check(text, seed: seed)
          #expect(report.isRight == isRight, "\(formula), seed \(seed): \(report.text.english)")
        }
      }
    }
  }

  /// No quantity of the course is left out above.
  @Test func everyQuantityIsTried() throws {
    for id in try FileManager.default.contentsOfDirectory(atPath: Self.exercises.path).sorted() {
      let sheet = try Sheet(path: Self.exercises.appending(path: "\(id)/sheet.md").path)
      for task in sheet.tasks where task.kind == .quantity {
        #expect(forms.contains { $0.exercise == id && $0.task == task.id }, "\(id) \(task.id)")
      }
    }
  }

  /// The name may be written as the sheet writes it, or without its font.
  @Test(arguments: [#"R_{\mathrm{ReLU}}"#, #"R_{\text{ReLU}}"#, #"R_\text{ReLU}"#, "R_{ReLU}"])
  func spellingsOfTheName(_ name: String) throws {
    let checker = try QuantityChecker(answer: SourceExcerpt(SourceText(name: "a", text: #"R_{\mathrm{ReLU}} = 2g"#)))
    let report = checker.check(SourceText(name: "b", text: "$$\(name) = g + g$$"), seed: 1)
    #expect(report.isRight, "\(report.text.english)")
  }

  /// What a starter holds is no formula yet, and no wrong one.
  @Test(arguments: ["…", #"\dots"#, #"\ldots"#])
  func dotsWait(_ dots: String) throws {
    let checker = try QuantityChecker(answer: SourceExcerpt(SourceText(name: "a", text: "P = 2H")))
    let report = checker.check(SourceText(name: "b", text: "```math\nP = \(dots)\n```\n"), seed: 1)
    #expect(!report.isRight)
    #expect(report.text.english.contains("there is no formula yet"), "\(report.text.english)")
  }

  @Test func aNumberThatIsWrongIsToldWithoutLetters() throws {
    let checker = try QuantityChecker(answer: SourceExcerpt(SourceText(name: "a", text: #"g = \sqrt{2}"#)))
    let report = checker.check(SourceText(name: "b", text: "$$g = 2$$"), seed: 1)
    #expect(report.text.english == "not equal: it gives 2", "\(report.text.english)")
  }
}
