// Formulas of numbers as people write them: sums between values, binomials, shares, what is only about right.

import Diagnostics
import Testing

@testable import Derivation

@Suite struct QuantityFormTests {
  private func report(_ answer: String, _ text: String) throws -> QuantityChecker.Report {
    try QuantityChecker(answer: SourceExcerpt(SourceText(name: "task", text: answer))).check(
      SourceText(name: "q.md", text: text), seed: 1)
  }

  @Test(arguments: [
    ("1 - z^n", "\\sum_{k=0}^{n-1} (1-z) z^k"),
    ("1 - z^n", "(1-z)\\sum\\limits_{k=0}^{n-1} z^k"),
    ("1 - z^n", "\\sum_{0 \\le k < n} (1-z) z^{k}"),
    ("1 - z^n", "\\sum_{j=1}^{n} (1-z) z^{n-j}"),
    ("1 - z^n", "1 - \\prod_{k=1}^{n} z"),
    ("\\frac{n(n+1)}{2}", "\\sum_{k=1}^{n} k"),
    ("\\frac{n(n+1)}{2}", "\\sum_{t=1}^{n} \\sum_{k=1}^{t} 1"),
    ("\\frac{n(n+1)}{2}", "\\binom{n+1}{2}"),
    ("\\frac{n(n+1)}{2}", "\\dbinom{n}{2} + n"),
    ("4H(D+H+1)", "\\sum_{g=1}^{4} (HD + H^2 + H)"),
    ("4H(D+H+1)", "4\\sum_{j=1}^{H} (D+H+1)"),
    ("H", "\\prod_{j=2}^{H} \\frac{j}{j-1}"),
    ("H", "\\lfloor H + 0.5 \\rfloor"),
    ("H", "\\log_2(2^H)"),
    ("3H", "3! H / 2"),
    ("H", "\\sqrt[3]{H^3}"),
    ("H", "\\max(H, 1)"),
    ("\\frac{H}{2}", "50\\% H"),
    ("\\frac{H}{2}", "H \\cdot 50%"),
    ("1000 H", "1,000 H"),
    ("2000000 H", "2{,}000{,}000 H"),
    ("1000 H", "10^{3} H"),
    ("\\frac{H}{1000}", "H \\times 10^{-3}"),
    ("\\sqrt{2}", "\\sqrt{2} \\approx 1.414"),
    ("\\sqrt{2}", "2^{1/2}≈1.414"),
    ("1 - z^n", "1 - z^n \\quad (0 < z < 1)"),
    ("1 - z^n", "1 - z^n，\\quad 0<z<1。"),
    ("4H(D+H+1)", "4H(D+H+1) \\text{ 个参数}"),
    ("4H(D+H+1)", "4×H×（D＋H＋1）"),
    ("4H(D+H+1)", "4\\left[H(D+H)+H\\right] = 4H^2+4HD+4H"),
  ])
  func readAsMeant(_ answer: String, _ formula: String) throws {
    let report = try report("K = \(answer)", "所以\n\n$$K = \(formula)$$\n")
    #expect(report.isRight, "\(report.read ?? "") \(report.text.english)")
  }

  @Test(arguments: [
    ("1 - z^n", "\\sum_{k=0}^{n} (1-z) z^k"), ("1 - z^n", "\\sum_{k=1}^{n-1} (1-z) z^k"),
    ("H", "\\sum_{k=1}^{H-1} 1"), ("H", "\\sqrt[3]{H^2}"), ("H", "50\\% H"), ("H", "\\binom{H}{2}"),
    ("1000 H", "1,00 H"), ("\\sqrt{2}", "1.414"), ("\\sqrt{2}", "1.414 \\approx \\sqrt{2}"),
  ])
  func wrongOnes(_ answer: String, _ formula: String) throws {
    #expect(try !report("K = \(answer)", "$$K = \(formula)$$").isRight)
  }

  /// The name may carry what it depends on, or stand on the right.
  @Test(arguments: ["K(n) = 1 - z^n", "K(n, z) = 1 - z^n", "1 - z^n = K", "K = K(n) = 1 - z^n", "K := 1 - z^n"])
  func theName(_ line: String) throws {
    #expect(try report("K = 1 - z^n", "$$\(line)$$").isRight)
  }

  @Test(arguments: [
    ("\\sum_{k=0}^{n/2} z^k", "whole number"), ("\\sum_{k=0}^{10^8} z^k", "closed form"),
    ("\\sum_{k=0}^{10^{12}} z^k", "whole number"), ("\\sum_k z^k", "range is not read"),
    ("\\sum_{k=0}^{n-1} q^k", "`q` is unknown"), ("\\binom{n}{1/2}", "whole number"),
    ("1 + z + \\dots + z^n", "dots are not read"), ("\\lfloor n", "never closed"),
    ("\\approx 1 - z^n", "states no equality"),
  ])
  func refusedWithTheFix(_ formula: String, _ words: String) throws {
    let report = try report("K = 1 - z^n", "$$K = \(formula)$$".replacing("= \\approx", with: "\\approx"))
    #expect(!report.isRight)
    #expect(report.text.english.contains(words), "\(report.text.english)")
  }
}
