// Residues against Python's integers, fractions against themselves, and the identities of functions that residues keep.

import Foundation
import TestSupport
import Testing

@testable import Formula

@Suite struct NumberTests {
  struct Table: Decodable {
    struct Row: Decodable {
      let a, b, sum, difference, product, power: String
      let quotient: String?
    }
    struct Decimal: Decodable {
      let text, residue: String
    }
    let rows: [Row]
    let decimals: [Decimal]
  }

  static func table() throws -> Table {
    return try JSONDecoder().decode(
      Table.self, from: Data(contentsOf: Repository.tests.appending(path: "Golden/residues/residues.json")))
  }

  static func residue(_ text: String) throws -> Residue { Residue(Int(try #require(UInt64(text)))) }

  @Test func residuesAreThoseOfPython() throws {
    let table = try Self.table()
    #expect(table.rows.count > 400)
    for row in table.rows {
      let (a, b) = (try Self.residue(row.a), try Self.residue(row.b))
      #expect(a + b == (try Self.residue(row.sum)), "\(row.a) + \(row.b)")
      #expect(a - b == (try Self.residue(row.difference)), "\(row.a) - \(row.b)")
      #expect(-b == Residue.zero - b)
      #expect(a * b == (try Self.residue(row.product)), "\(row.a) * \(row.b)")
      #expect(a.power(13) == (try Self.residue(row.power)), "\(row.a)^13")
      if let quotient = row.quotient {
        #expect(a / b == (try Self.residue(quotient)), "\(row.a) / \(row.b)")
      } else {
        #expect(!(a / b).isNumber)
      }
    }
    for decimal in table.decimals {
      #expect(Residue(try #require(Double(decimal.text))) == (try Self.residue(decimal.residue)), "\(decimal.text)")
    }
  }

  @Test func whatHasNoValueStaysSo() {
    let none = Residue.one / .zero
    for value in [none + .one, none - .one, none * .zero, -none, .one / none, none.power(2)] {
      #expect(!value.isNumber)
    }
    let nothing = Fraction.one / .zero
    for value in [
      nothing + .one, nothing * .zero, -nothing, .one / nothing, Fraction(.max) * Fraction(2), Fraction(.max) + .one,
    ] {
      #expect(!value.isNumber)
    }
  }

  @Test func fractionsAreInLowestTerms() {
    #expect(Fraction(6, over: -4).text == "-3/2")
    #expect((Fraction(1, over: 2) + Fraction(1, over: 3)).text == "5/6")
    #expect((Fraction(1, over: 2) - Fraction(1, over: 2)).text == "0")
    #expect((Fraction(3, over: 4) / Fraction(-3, over: 8)).text == "-2")
    #expect(Fraction(0.75).shown == "¾")
    #expect(Fraction(2).power(-3).text == "1/8")
  }

  static func drawn(_ count: Int) -> [Residue] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in Residue(drawnFrom: generator.next(), generator.next()) }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func functionsKeepTheirIdentities(key: UInt64) throws {
    let functions = ResidueFunctions(key: key)
    func rule(_ function: Function) throws -> Rule<Residue> { try #require(function.rule(functions)) }
    let (one, two) = (Residue.one, Residue(2))
    let numbers = Self.drawn(40)
    for (a, b) in zip(numbers, numbers.dropFirst()) {
      #expect(functions.exp(a + b) == functions.exp(a) * functions.exp(b))
      #expect(functions.exp(-a) == one / functions.exp(a))
      #expect(functions.exp(a * two - b) == functions.exp(a).power(2) / functions.exp(b))
      #expect(functions.exp(a) != functions.exp(b))
      #expect(functions.log(functions.exp(a)) == a)
      #expect(functions.log(one / b) == -functions.log(b))
      let (sigmoid, tanh, relu) = (try rule(.sigmoid), try rule(.tanh), try rule(.relu))
      #expect(sigmoid.value(-a) == one - sigmoid.value(a))
      #expect(sigmoid.value(a) != sigmoid.value(b))
      #expect(tanh.value(-a) == -tanh.value(a))
      #expect(tanh.value(a) == two * sigmoid.value(two * a) - one)
      #expect(relu.value(-a) == relu.value(a) - a)
      #expect(try rule(.abs).value(a) == relu.value(a) + relu.value(-a))
      #expect(try rule(.silu).value(a) == a * sigmoid.value(a))
      #expect(try rule(.softplus).slope(a, a) == sigmoid.value(a))
      let (sine, cosine) = (try rule(.sin), try rule(.cos))
      #expect(sine.value(a).power(2) + cosine.value(a).power(2) == one)
      #expect(sine.value(-a) == -sine.value(a))
      #expect(cosine.value(-a) == cosine.value(a))
      #expect(sine.slope(a, sine.value(a)) == cosine.value(a))
      #expect(try rule(.sqrt).value(a * a).power(2) == a * a)
      #expect(try rule(.gelu).value(a) + a * functions.normal(-a).below == a)
    }
    #expect(functions.exp(.zero) == one)
    #expect(functions.log(one) == .zero)
    // Both sides of a kink are met, neither much more often than the other.
    let above = Self.drawn(400).filter(functions.isAbove).count
    #expect((120...280).contains(above))
  }
}
