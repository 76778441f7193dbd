// Formulas from numbers: mistakes made on purpose, in Swift that the search never sees.

import CellKit
import Faults
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Diagnosis
@testable import Recovery

@Suite struct StepRecoveryTests {
  private static func cell(_ exercise: String) throws -> Cell {
    try #require(Sheet(path: Repository.root.appending(path: "exercises/\(exercise)/sheet.md").path).cell)
  }

  /// What a backward step with some changes answers to all questions, and on draws of other sizes.
  private static func findings(
    _ exercise: String, change: (Case, inout Matrices) -> Void
  ) throws -> [BlockAddress: StepRecovery.Finding] {
    let cell = try cell(exercise)
    let questions = StepQuestions(cell, seed: 1)
    func answer(_ sizes: Sizes, _ value: Case) -> Matrices {
      var matrices = Draw(cell, sizes: sizes, value).right
      change(value, &matrices)
      return matrices
    }
    let each = questions.cases.count / questions.draws.count
    let received = questions.cases.enumerated().map { answer(questions.draws[$0.offset / each].sizes, $0.element) }
    let evidence = Draw.several(cell, seed: 5, hasTime: false).map { draw in
      Evidence(draw: draw, received: answer(draw.sizes, draw.value))
    }
    let wrong = cell.gradientPlaces.filter { block in
      evidence.contains { Matcher.error($0.received[block], $0.draw.right[block]) > Comparison.tolerance }
    }
    var recovery = try #require(StepRecovery(questions, received, evidence))
    return recovery.findings(of: Set(wrong))
  }

  private static func computed(_ finding: StepRecovery.Finding?) -> String? {
    if case .formula(let recovered) = finding { recovered.computed } else { nil }
  }

  @Test("recovery: a right cell has no finding")
  func rightCells() throws {
    for exercise in ["rnn-step", "lstm-step", "nndl-6-4", "gru-step", "nndl-6-5"] {
      #expect(try Self.findings(exercise) { _, _ in }.isEmpty, "\(exercise)")
    }
  }

  @Test("recovery: the gradient of the state before by element, in place of a matrix product")
  func byElement() throws {
    let found = try Self.findings("rnn-step") { value, matrices in
      // Rows: h = tanh(x Wx + h' Wh + b); da = dh ⊙ (1 − h²).
      guard let h = matrices[.output(0)]?.first, let up = value.upstream[0][0] else { return }
      let da = up .* (1 - h .* h)
      matrices[.previous(0)] = [da .* value.parameters[1].T.sumOverRows()]
    }
    #expect(Self.computed(found[.previous(0)]) == "(\\sum_j [W_h]_{ij}) \\odot \\frac{\\partial L}{\\partial a_t}")
    #expect(found.count == 1)
  }

  @Test("recovery: a slope that divides, and what is left with no upstream")
  func division() throws {
    let found = try Self.findings("rnn-step") { value, matrices in
      guard let h = matrices[.output(0)]?.first else { return }
      let da = 1 / (1 - h .* h)
      matrices[.parameter(0)] = [value.inputs[0][0].T * da]
      matrices[.parameter(1)] = [value.initial[0].T * da]
      matrices[.parameter(2)] = [da.sumOverRows()]
    }
    #expect(Self.computed(found[.parameter(2)]) == "1 / (1 - {h_t}^{2})")
  }

  @Test("recovery: what has little in common with the right formula draws none of it out")
  func nothingIsGivenAway() throws {
    let attempts: [(String, (Matrix, Matrix, Matrix) -> Matrix, String)] = [
      ("the upstream", { up, _, _ in up }, "\\text{upstream.h}"),
      ("twice the upstream", { up, _, _ in 2 * up }, "2 \\text{upstream.h}"),
      ("the gate", { _, o, _ in o }, "o_t"),
      ("the upstream and the gate", { up, o, _ in up .* o }, "o_t \\odot \\text{upstream.h}"),
      ("the upstream and tanh(c)", { up, _, c in up .* tanh(c) }, "\\tanh(c_t) \\odot \\text{upstream.h}"),
    ]
    for (name, make, wanted) in attempts {
      let cell = try Self.cell("nndl-6-4")
      let bias = try #require(cell.quantities.parameters.firstIndex { $0.swift == "bo" })
      let found = try Self.findings("nndl-6-4") { value, matrices in
        guard let up = value.upstream[0][0], let h = matrices[.output(0)]?.first, let c = matrices[.output(1)]?.first
        else { return }
        let delta = make(up, h ./ tanh(c), c)
        matrices[.parameter(bias)] = [delta.sumOverColumns()]
        matrices[.parameter(bias - 1)] = [delta * value.initial[0].T]
        matrices[.parameter(bias - 2)] = [delta * value.inputs[0][0].T]
      }
      guard case .formula(let recovered)? = found[.parameter(bias)] else {
        Issue.record("\(name): \(found)")
        continue
      }
      #expect(recovered.computed == wanted && recovered.right == nil, "\(name): \(recovered)")
      #expect(recovered.parts.allSatisfy { $0.missing.isEmpty }, "\(name): \(recovered)")
    }
  }

  @Test("recovery: a gradient that is not linear in the upstream is said to be so")
  func notLinear() throws {
    let found = try Self.findings("rnn-step") { value, matrices in
      guard let up = value.upstream[0][0] else { return }
      matrices[.parameter(2)] = [(up .* up).sumOverRows()]
    }
    #expect(found[.parameter(2)] == .notLinear)
  }

  @Test("recovery: a formula that the graded answers do not have is not told")
  func gradedAnswersCount() throws {
    let cell = try Self.cell("rnn-step")
    let isGraded = { (value: Case) in value.inputs[0][0].rows > 1 }
    let found = try Self.findings("rnn-step") { value, matrices in
      guard let h = matrices[.output(0)]?.first, let up = value.upstream[0][0] else { return }
      // Another mistake on the draws that are graded than on single samples.
      let da = isGraded(value) ? up .* h : up
      matrices[.parameter(2)] = [da.sumOverRows()]
    }
    #expect(cell.quantities.parameters.count == 3)
    #expect(Self.computed(found[.parameter(2)]) == nil)
  }

  @Test(
    "recovery: of the single mistakes of the table, which the search does not know, most have a formula",
    arguments: [("rnn-step", 3, 0.85), ("lstm-step", 27, 0.75), ("nndl-6-4", 27, 0.8), ("gru-step", 21, 0.35)])
  func tableOfFaults(_ exercise: String, _ each: Int, _ floor: Double) throws {
    let cell = try Self.cell(exercise)
    let questions = StepQuestions(cell, seed: 1)
    let count = questions.cases.count / questions.draws.count
    let draws = Draw.several(cell, seed: 5, hasTime: false)
    var (all, told): (Int, Int) = (0, 0)
    var lost: [String] = []
    for (_, fault) in cell.faults.enumerated().filter({ $0.offset % each == 0 }) {
      func answer(_ sizes: Sizes, _ value: Case) -> Matrices {
        let run = FaultyRun(cell, sizes: sizes, value)
        return run.outputBlocks.merging(run.gradients([fault]).byPlace) { $1 }
      }
      let evidence = draws.map { Evidence(draw: $0, received: answer($0.sizes, $0.value)) }
      let wrong = cell.gradientPlaces.filter { block in
        evidence.contains { Matcher.error($0.received[block], $0.draw.right[block]) > Comparison.tolerance }
      }
      guard !wrong.isEmpty else { continue }
      let received = questions.cases.enumerated().map { answer(questions.draws[$0.offset / count].sizes, $0.element) }
      var recovery = try #require(StepRecovery(questions, received, evidence))
      let found = recovery.findings(of: Set(wrong))
      all += 1
      if wrong.contains(where: { Self.computed(found[$0]) != nil || found[$0] == .onlyWithSeveralSamples }) {
        told += 1
      } else {
        lost.append(fault.id(in: cell))
      }
    }
    print("\(exercise): \(told) of \(all) mistakes have a formula; without:", lost.prefix(40).joined(separator: " "))
    #expect(Double(told) >= floor * Double(all), "\(lost)")
  }
}
