// Fractions: numbers small enough that a person can follow them.

/// A fraction in lowest terms; what does not fit 64 bits is no number.
package struct Fraction: Scalar {
  package typealias Meaning = FractionFunctions

  package let numerator: Int
  /// Above 0; 0 where there is no value.
  package let denominator: Int

  private init(reduced numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// A quotient of whole numbers; no number where the lower one is 0.
  package init(_ numerator: Int, over denominator: Int) {
    guard denominator != 0, numerator != .min, denominator != .min else {
      self.init(reduced: 0, 0)
      return
    }
    var (a, b) = (abs(numerator), abs(denominator))
    while b != 0 { (a, b) = (b, a % b) }
    let sign = denominator < 0 ? -1 : 1
    self.init(reduced: sign * numerator / a, abs(denominator) / a)
  }

  /// What has no value.
  package static let undefined = Fraction(reduced: 0, 0)
  package static let zero = Fraction(0)
  package static let one = Fraction(1)

  package init(_ integer: Int) { self.init(reduced: integer, 1) }

  package init(_ number: Double) {
    guard let (integer, ten) = number.decimal, abs(ten) <= 15 else {
      self = .undefined
      return
    }
    let scale = (0..<abs(ten)).reduce(1) { result, _ in result * 10 }
    self = ten < 0 ? Fraction(integer, over: scale) : Fraction(integer) * Fraction(scale)
  }

  package var isNumber: Bool { denominator != 0 }
  package var integer: Int? { denominator == 1 && abs(numerator) < 1_000_000 ? numerator : nil }

  package static prefix func - (a: Fraction) -> Fraction { zero - a }

  package static func + (a: Fraction, b: Fraction) -> Fraction { a.combined(b) { $0.addingReportingOverflow($1) } }
  package static func - (a: Fraction, b: Fraction) -> Fraction { a.combined(b) { $0.subtractingReportingOverflow($1) } }

  private func combined(
    _ other: Fraction, _ body: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) -> Fraction {
    guard isNumber, other.isNumber else { return .undefined }
    let (one, two) = (
      numerator.multipliedReportingOverflow(by: other.denominator),
      other.numerator.multipliedReportingOverflow(by: denominator)
    )
    let below = denominator.multipliedReportingOverflow(by: other.denominator)
    guard !one.overflow, !two.overflow, !below.overflow else { return .undefined }
    let above = body(one.partialValue, two.partialValue)
    return above.overflow ? .undefined : Fraction(above.partialValue, over: below.partialValue)
  }

  package static func * (a: Fraction, b: Fraction) -> Fraction {
    guard a.isNumber, b.isNumber else { return .undefined }
    let above = a.numerator.multipliedReportingOverflow(by: b.numerator)
    let below = a.denominator.multipliedReportingOverflow(by: b.denominator)
    return above.overflow || below.overflow ? .undefined : Fraction(above.partialValue, over: below.partialValue)
  }

  package static func / (a: Fraction, b: Fraction) -> Fraction {
    guard a.isNumber, b.isNumber, b.numerator != 0 else { return .undefined }
    return a * Fraction(b.denominator, over: b.numerator)
  }

  /// As JSON has it: `3/4`, `-2`.
  package var text: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

  /// As a person reads it: `¾`, `-2`, `5/6`.
  package var shown: String {
    switch (numerator, denominator) {
    case (1, 2): "½"
    case (-1, 2): "-½"
    case (1, 4): "¼"
    case (-1, 4): "-¼"
    case (3, 4): "¾"
    case (-3, 4): "-¾"
    default: text
    }
  }
}
