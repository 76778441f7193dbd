// Mistakes are named: every fault of every cell by itself, and wrong Swift cells as people write them.

import CellKit
import Faults
import Foundation
import Grading
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Authoring
@testable import Diagnosis
@testable import SubmissionHost

@Suite(.timed) struct DiagnosisTests {
  /// Each mistake, made by the graph, is rejected by the comparison or changes nothing at all, and is named.
  @Test(
    .tier(.test), arguments: ["rnn-step", "lstm-step", "gru-step", "nndl-6-3", "minimal-gated-unit", "rnn-sequence"])
  func everyFaultIsRejectedAndNamed(_ id: String) throws {
    let sheet = try Course.sheet(id)
    let table = FaultTable(try #require(sheet.cell), hasSequence: sheet.hasSequence, seed: 11)
    let total = table.rows.reduce(into: (all: 0, silent: 0, rejected: 0, named: 0, misnamed: 0)) { sum, row in
      sum.all += row.enumerated
      sum.silent += row.silent
      sum.rejected += row.rejected
      sum.named += row.named
      sum.misnamed += row.misnamed
    }
    #expect(total.all > 70)
    #expect(total.silent + total.rejected == total.all)
    #expect(total.named == total.rejected && total.misnamed == 0, "\(table.missed)")
    // An operator that changes nothing at an edge is no mistake; most change something.
    #expect(total.silent * 20 < total.all, "\(total.silent) of \(total.all) change nothing")
  }

  @Test(arguments: Course.exercises + Course.fixtures)
  func idsAreDistinctAndTheRightGradientsAreTheReferences(_ id: String) throws {
    let cell = try #require(try Course.sheet(id).cell)
    let ids = Diagnosis.catalogue(of: cell, hasSequence: true).map(\.fault)
    #expect(Set(ids).count * 100 >= ids.count * 97, "\(ids.count - Set(ids).count) ids of \(ids.count) stand twice")
    for hasTime in [false, true] {
      let draw = Draw.several(cell, seed: 3, hasTime: hasTime)[1]
      let run = FaultyRun(cell, sizes: draw.sizes, draw.value)
      let made = run.gradients().byPlace.merging(run.outputBlocks) { first, _ in first }
      for (place, right) in draw.right { #expect(Matcher.error(made[place], right) < 1e-13, "\(place)") }
    }
  }

  /// Mistakes of domain notes and public bug reports, each as a change to the model LSTM.
  @Test(
    .tier(.test),
    arguments: [
      // 1, 2: c reaches the loss through h as well, and through the next step.
      ("let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)", "let dc = upstream.c", "dropped"),
      // 3: the factor o.
      ("upstream.h .* o .* (1 - cache.tanhC", "upstream.h .* (1 - cache.tanhC", "factorMissing"),
      // 4: the derivative of tanh(c).
      ("upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)", "upstream.h .* o", "derivativeMissing"),
      // 6: the cached value is tanh(c) already.
      ("(1 - cache.tanhC .* cache.tanhC)", "(1 - tanh(cache.tanhC) .* tanh(cache.tanhC))", "derivativeOfValue"),
      // 7: σ'(σ(a)).
      (".* f .* (1 - f)", ".* sigmoid(f) .* (1 - sigmoid(f))", "derivativeOfValue"),
      // 8: the gate's derivative left out.
      (".* i .* (1 - i)", "", "derivativeMissing"),
      // 9: tanh's derivative for a gate.
      (".* o .* (1 - o)", ".* (1 - o .* o)", "otherDerivative"),
      // 11: c_t for c_{t-1}.
      (
        "dc .* cache.cPrevious", "dc .* (cache.f .* cache.cPrevious + cache.i .* cache.candidate)", "presentForPrevious"
      ),
      // 13: dc_prev without f.
      ("g.previous.c = f .* dc", "g.previous.c = dc", "factorMissing"),
      // 17: dh_prev through the candidate alone; U for its transpose.
      (
        "g.previous.h = p.Uf.T * df + p.Ui.T * di + p.Uo.T * dO + p.Uc.T * dCandidate",
        "g.previous.h = p.Uc.T * dCandidate", "onlyOnePath"
      ),
      ("p.Uf.T * df", "p.Uf * df", "notTransposed"),
      // 20: the mean over the batch.
      ("g.bf = df.sumOverColumns()", "g.bf = df.sumOverColumns() / Double(df.columns)", "meanOverBatch"),
    ])
  func knownMistakesAreNamed(_ old: String, _ new: String, _ slip: String) async throws {
    let grade = try await Course.grade(Course.changed("nndl-6-4", old, new), of: "nndl-6-4")
    let diagnoses = grade.checks.compactMap(\.diagnosis)
    let first = try #require(diagnoses.first, "not named: \(grade.checks.filter { $0.status != .passed })")
    #expect(first.fault.hasPrefix(slip + ":"), "\(first)")
    // Every wrong block has its reason.
    let wrong = grade.checks.filter { $0.task == "backward" && $0.status == .failed }
    #expect(wrong.allSatisfy { $0.diagnosis != nil })
  }

  @Test func twoIndependentMistakesAreNamedBoth() async throws {
    let changed = try Course.changed("nndl-6-4", "g.previous.c = f .* dc", "g.previous.c = dc")
    let text = changed.files[0].text.replacingOccurrences(
      of: "g.bf = df.sumOverColumns()", with: "g.bf = df.sumOverColumns() / Double(df.columns)")
    let grade = try await Course.grade(
      Submission(files: [.init(name: "Cell.swift", bytes: Array(text.utf8))], derivation: changed.derivation),
      of: "nndl-6-4")
    let named = Dictionary(
      uniqueKeysWithValues: grade.checks.compactMap { check in check.diagnosis.map { (check.id, $0.fault) } })
    #expect(named["backward.previous.c"]?.hasPrefix("factorMissing") == true)
    #expect(named["backward.bf"]?.hasPrefix("meanOverBatch") == true)
    #expect(named.count == 2)
  }

  /// A wrong number that no formula gives is not called by any name.
  @Test func noiseIsNotNamed() async throws {
    let grade = try await Course.grade(
      Course.changed("nndl-6-4", "g.Wf = df * cache.x.T", "g.Wf = (df * cache.x.T) .* tanh(df * cache.x.T) + 0.37"),
      of: "nndl-6-4")
    let check = try #require(grade.checks.first { $0.id == "backward.Wf" })
    // All that can be said of it is that it is no gradient.
    #expect(check.status == .failed && check.diagnosis?.cause == .notLinear, "\(String(describing: check.diagnosis))")
    let linear = try await Course.grade(
      Course.changed(
        "nndl-6-4", "g.Wf = df * cache.x.T", "g.Wf = (df * cache.x.T) .* tanh(cache.hPrevious * cache.x.T)"),
      of: "nndl-6-4")
    let other = try #require(linear.checks.first { $0.id == "backward.Wf" })
    #expect(other.status == .failed && other.diagnosis == nil, "\(String(describing: other.diagnosis))")
  }
}
