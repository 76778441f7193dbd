// Numbers in sentences: with their signs, with names for what is no number, and apart where they differ.

import Diagnostics
import Sheets
import Testing

@testable import Diagnosis
@testable import Grading
@testable import Reports

@Suite struct NumberTests {
  private static func sentence(expected: Double, received: Double) -> String {
    let difference = Difference(relativeError: 2e-8, row: 3, column: 2, expected: expected, received: received)
    let place = DrawPlace(sizes: ["H": 5], step: nil, zero: [])
    return Phrases(.english).sentence(
      Check(task: "t", id: "b", title: "b", finding: .differs(difference, at: place), diagnosis: nil, maxPoints: 1))
  }

  @Test(
    "numbers that differ: are written with as many digits as differ",
    arguments: [
      (0.104191, 0.1041910023, "expected 0.104191, received 0.104191002"),
      (0.5, 0.5000001, "expected 0.5, received 0.5000001"),
      (1.5e-40, 1.50000004e-40, "expected 1.5e-40, received 1.50000004e-40"),
      (-2.25, 2.25, "expected -2.25, received 2.25"),
      (1, 1 + 4 * Double.ulpOfOne, "expected 1, received 1.000000000000001"),
      (1, 1.0.nextUp, "expected 1.0, received 1.0000000000000002"),
      (3.25, 3.125, "expected 3.25, received 3.125"),
    ])
  func apart(_ expected: Double, _ received: Double, _ words: String) {
    #expect(
      Self.sentence(expected: expected, received: received).contains(words),
      "\(Self.sentence(expected: expected, received: received))")
  }

  @Test("what is no finite number: is called by its name")
  func notFinite() {
    #expect(Phrases.number(.nan) == "NaN")
    #expect(Phrases.number(.infinity) == "∞")
    #expect(Phrases.number(-.infinity) == "-∞")
    #expect(Phrases.number(-0.00123) == "-0.00123")
    #expect(Phrases.number(-1.2345e-8, digits: 3) == "-1.23e-8")
  }

  @Test("a measurement that misses its limit: does not read as if it met it")
  func missed() {
    var measurement = Measurement(.growth(state: "h"), upper: 1)
    measurement.take(1.0004)
    #expect(Phrases(.english).sentence(measurement) == "measured 1.0004")
    var small = Measurement(.decay(state: "h"), lower: 0.05)
    small.take(0.04996)
    #expect(Phrases(.english).sentence(small) == "measured 0.04996")
    var right = Measurement(.decay(state: "h"), lower: 0.05)
    right.take(0.06123456)
    #expect(Phrases(.english).sentence(right) == "measured 0.0612")
  }
}
