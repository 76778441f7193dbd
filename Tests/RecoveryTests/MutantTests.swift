// Random changes of a backward step's syntax tree: how many are recovered, and that no formula is found that is not computed.

import CellKit
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Diagnosis
@testable import Recovery

/// An expression of a backward step, entry by entry.
private indirect enum Tree: Sendable {
  enum Operation: CaseIterable { case add, subtract, multiply, divide }

  case atom(String)
  case one
  case of(Operation, Tree, Tree)

  static func product(_ factors: Tree...) -> Tree {
    factors.dropFirst().reduce(factors[0]) { .of(.multiply, $0, $1) }
  }

  var count: Int { if case .of(_, let left, let right) = self { 1 + left.count + right.count } else { 1 } }

  func value(_ atoms: [String: Matrix], like: Matrix) -> Matrix {
    switch self {
    case .atom(let name): return atoms[name] ?? .notSet
    case .one: return like.map { _ in 1 }
    case .of(let operation, let left, let right):
      let (left, right) = (left.value(atoms, like: like), right.value(atoms, like: like))
      let elements = zip(left.elements, right.elements).map { one, other in
        switch operation {
        case .add: one + other
        case .subtract: one - other
        case .multiply: one * other
        case .divide: one / other
        }
      }
      return Matrix(rows: left.rows, columns: left.columns, elements: elements)
    }
  }

  /// The tree with one node changed.
  func changed(at place: Int, by change: (Tree) -> Tree) -> Tree {
    if place == 0 { return change(self) }
    guard case .of(let operation, let left, let right) = self else { return self }
    return place <= left.count
      ? .of(operation, left.changed(at: place - 1, by: change), right)
      : .of(operation, left, right.changed(at: place - 1 - left.count, by: change))
  }
}

/// The backward step of an LSTM with packed gates, as a person writes it.
private struct Program {
  private static let (h, c) = ("\\text{upstream.h}", "\\text{upstream.c}")
  private static let names = ["i_t", "f_t", "o_t", "g_t", "\\tanh(c_t)", "c_{t-1}", h, c, "e"]

  /// What reaches c, then the four gates.
  var lines: [Tree] = {
    func slope(_ name: String) -> Tree {
      .of(.multiply, .atom(name), .of(.subtract, .one, .atom(name)))
    }
    func square(_ name: String) -> Tree { .of(.subtract, .one, .product(.atom(name), .atom(name))) }
    return [
      .of(.add, .atom(c), .product(.atom(h), .atom("o_t"), square("\\tanh(c_t)"))),
      .product(.atom("e"), .atom("g_t"), slope("i_t")),
      .product(.atom("e"), .atom("c_{t-1}"), slope("f_t")),
      .product(.atom(h), .atom("\\tanh(c_t)"), slope("o_t")),
      .product(.atom("e"), .atom("i_t"), square("g_t")),
    ]
  }()

  mutating func mutate(_ generator: inout SeededGenerator) {
    func below(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    let line = below(lines.count)
    let names = line == 0 ? Self.names.dropLast() : Self.names[...]
    let (name, operation, isLeft) = (
      names[names.startIndex + below(names.count)], Tree.Operation.allCases[below(4)], below(2) == 0
    )
    lines[line] = lines[line].changed(at: below(lines[line].count)) { node in
      switch node {
      case .atom, .one: .atom(name)
      // An operand alone, or another operation.
      case .of(_, let left, let right):
        operation == .divide && isLeft ? left : operation == .subtract && isLeft ? right : .of(operation, left, right)
      }
    }
  }

  /// The gradients of c and of the gates.
  func values(_ cell: Cell, _ draw: Draw) -> [Matrix] {
    let like = draw.value.initial[0]
    var atoms = Dictionary(
      StepAlgebra(cell, [draw]).atoms.map { ($0.latex, $0.values[0]) }, uniquingKeysWith: { one, _ in one })
    atoms["e"] = lines[0].value(atoms, like: like)
    return lines.map { $0.value(atoms, like: like) }
  }

  func answer(_ cell: Cell, _ draw: Draw) -> Matrices {
    let values = values(cell, draw)
    let all = values.dropFirst(2).reduce(values[1]) { .beside($0, $1) }
    let (x, h) = (draw.value.inputs[0][0], draw.value.initial[0])
    let (wx, wh) = (draw.value.parameters[0], draw.value.parameters[1])
    var matrices = draw.right
    matrices[.input(0)] = [all * wx.T]
    matrices[.previous(0)] = [all * wh.T]
    matrices[.previous(1)] = [
      Tree.product(.atom("e"), .atom("f")).value(
        ["e": values[0], "f": draw.forget(cell)], like: values[0])
    ]
    matrices[.parameter(0)] = [x.T * all]
    matrices[.parameter(1)] = [h.T * all]
    matrices[.parameter(2)] = [all.sumOverRows()]
    return matrices
  }
}

extension Draw {
  fileprivate func forget(_ cell: Cell) -> Matrix {
    StepAlgebra(cell, [self]).atoms.first { $0.latex == "f_t" }?.values[0] ?? .notSet
  }
}

@Suite struct MutantTests {
  /// How many are made; `scripts/mutants` makes more.
  private static let count = ProcessInfo.processInfo.environment["UNROLL_MUTANTS"].flatMap { Int($0) } ?? 30

  private enum Outcome: Equatable { case same, recovered, notLinear, unknown, wrong(String) }

  /// Parts of a formula between separators that stand in no bracket.
  private static func parts(_ latex: String, _ separator: String) -> [String] {
    var (depth, parts, part) = (0, [String](), "")
    var rest = Substring(latex)
    while let letter = rest.first {
      if depth == 0, rest.hasPrefix(separator) {
        parts.append(part)
        part = ""
        rest = rest.dropFirst(separator.count)
        continue
      }
      if "({".contains(letter) { depth += 1 } else if ")}".contains(letter) { depth -= 1 }
      part.append(letter)
      rest.removeFirst()
    }
    return parts + [part]
  }

  /// The numbers of a formula on a network; nil where it has a part that is no product of atoms.
  private static func value(_ latex: String, _ atoms: [String: Matrix], like: Matrix) -> Matrix? {
    var sum = like.map { _ in 0 }
    if latex == "0" { return sum }
    for (index, positive) in parts(latex, " + ").enumerated() {
      for (place, term) in parts(positive, " - ").enumerated() {
        var term = Substring(term)
        var sign = place > 0 ? -1.0 : 1
        if index == 0, place == 0, term.hasPrefix("-") {
          sign = -1
          term.removeFirst()
        }
        let quotient = parts(String(term), " / ")
        var product = like.map { _ in sign }
        for (position, part) in quotient.enumerated() {
          for factor in parts(part, " \\odot ") where factor != "1" {
            var name = factor
            if let space = factor.firstIndex(of: " "), let number = Double(factor[..<space]) {
              product = product * number
              name = String(factor[factor.index(after: space)...])
            }
            guard let matrix = atoms[name] else { return nil }
            product = position == 0 ? product .* matrix : product ./ matrix
          }
        }
        sum = sum + product
      }
    }
    return sum
  }

  private static func outcome(_ cell: Cell, _ program: Program) throws -> Outcome {
    let questions = StepQuestions(cell, seed: 1)
    let each = questions.cases.count / questions.draws.count
    let received = questions.cases.enumerated().map { place, value in
      program.answer(cell, Draw(cell, sizes: questions.draws[place / each].sizes, value))
    }
    let evidence = Draw.several(cell, seed: 5, hasTime: false).map {
      Evidence(draw: $0, received: program.answer(cell, $0))
    }
    let wrong = cell.gradientPlaces.filter { block in
      evidence.contains { Matcher.error($0.received[block], $0.draw.right[block]) > Comparison.tolerance }
    }
    guard !wrong.isEmpty else { return .same }
    var recovery = try #require(StepRecovery(questions, received, evidence))
    let findings = Set(recovery.findings(of: Set(wrong)).values)
    guard !findings.isEmpty else { return .unknown }
    // Networks that the search has not seen, of other sizes.
    let fresh = Draw(cell, sizes: Sizes(["N": 1, "D": 6, "H": 7], steps: 1), seed: 99, stream: 5)
    let values = program.values(cell, fresh)
    var atoms = Dictionary(
      StepAlgebra(cell, [fresh]).atoms.map { ($0.latex, $0.values[0]) }, uniquingKeysWith: { one, _ in one })
    atoms["f"] = fresh.forget(cell)
    let names = ["i", "f", "o", "g"].map { "\\frac{\\partial L}{\\partial a_{\($0),t}}" }
    var (isWhole, isLinear) = (true, true)
    for finding in findings {
      if finding == .notLinear { isLinear = false }
      guard case .formula(let recovered) = finding else { continue }
      guard let computed = recovered.computed else {
        isWhole = false
        continue
      }
      let own: Matrix
      if let gate = names.firstIndex(of: recovered.of) {
        own = values[gate + 1]
      } else if recovered.of == "\\frac{\\partial L}{\\partial c_{t-1}}" {
        own = values[0] .* fresh.forget(cell)
      } else {
        continue
      }
      guard let made = value(computed, atoms, like: own) else { return .wrong("\(computed) is no formula") }
      // What cancels leaves its rounding.
      let isNothing = own.elements.allSatisfy { abs($0) < 1e-14 } && made.elements.allSatisfy { $0 == 0 }
      guard isNothing || StepAnswers.agree(made, own) else {
        return .wrong("\(recovered.of): \(computed); made \(made.elements), own \(own.elements)")
      }
    }
    return !isWhole ? .unknown : isLinear ? .recovered : .notLinear
  }

  @Test("random mutants of a backward step: no formula that is not computed, most recovered")
  func mutants() async throws {
    let cell = try #require(
      Sheet(path: Repository.root.appending(path: "exercises/lstm-step/sheet.md").path).cell)
    let outcomes = try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      for number in 0..<Self.count {
        group.addTask {
          var generator = SeededGenerator(seed: 11, stream: UInt64(number))
          var program = Program()
          for _ in 0...(number % 3) { program.mutate(&generator) }
          return (number, try Self.outcome(cell, program))
        }
      }
      return try await group.reduce(into: [Outcome](repeating: .same, count: Self.count)) { $0[$1.0] = $1.1 }
    }
    for edits in 1...3 {
      let own = outcomes.indices.filter { $0 % 3 == edits - 1 }.map { outcomes[$0] }
      print(
        "\(edits) edits: \(own.count { $0 == .recovered }) of \(own.count { $0 != .same }) recovered,",
        "\(own.count { $0 == .notLinear }) said not to be linear in the upstream")
    }
    for outcome in outcomes { if case .wrong(let formula) = outcome { Issue.record("\(formula) is not computed") } }
    let wrong = outcomes.count { $0 != .same }
    #expect(wrong * 2 > Self.count)
    let told = outcomes.count { $0 == .recovered || $0 == .notLinear }
    #expect(Double(told) >= 0.7 * Double(wrong))
  }
}
