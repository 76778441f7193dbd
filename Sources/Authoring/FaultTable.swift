// How well mistakes are recognised: each one made by itself on drawn numbers, then looked for.

import CellKit
import Diagnosis
import Faults
public import Recurrence

/// What became of every mistake that can be made with a cell.
public struct FaultTable: Sendable {
  /// The mistakes of one kind.
  public struct Row: Sendable, Hashable {
    /// Where they are made: `forward`, `backward`, `loop forward`, `loop backward` or `backward in a loop`.
    public let kind: String
    /// What is done.
    public let slip: String
    /// How many there are.
    public var enumerated = 0
    /// How many change nothing at all, and so are no mistakes.
    public var silent = 0
    /// How many are rejected by the comparison.
    public var rejected = 0
    /// How many are named, by their own name or by one that means the same numbers.
    public var named = 0
    /// How many of these with others beside them that show just so.
    public var ties = 0
    /// How many are called by the name of another mistake.
    public var misnamed = 0
  }

  /// By kind and slip.
  public private(set) var rows: [Row] = []
  /// Seconds of a diagnosis that has nothing prepared: of a few mistakes of each kind, the quickest of three each.
  public private(set) var seconds: [Double] = []
  /// The ids of mistakes that are not named, or by another's name.
  public private(set) var missed: [String] = []

  /// Makes and looks for every mistake.
  ///
  /// - Parameters:
  ///   - hasSequence: whether loops over time are asked for.
  ///   - timed: how many diagnoses of each kind are timed; they are made from nothing.
  public init(_ cell: Cell, hasSequence: Bool, seed: UInt64, timed: Int = 0) {
    let diagnostician = Diagnostician(cell: cell)
    func chosen(_ draws: [Draw]) -> [Evidence] {
      Diagnostician.chosen(draws.map { Evidence(draw: $0, received: [:]) })
    }
    let steps = chosen(Draw.several(cell, seed: seed, hasTime: false))
    let step = diagnostician.worlds(steps, [])[0]
    var prepared = Diagnostician.Prepared()
    prepared.forward = diagnostician.forwardHypotheses(cell, steps).map { $0.remembered(draws: steps.count) }
    look(prepared.forward, "forward", steps, timed: timed) {
      diagnostician.diagnoseForward($0, $1 ? prepared : nil).diagnoses
    }
    prepared.step = step.hypotheses(cell.faults, world: 0).map { $0.remembered(draws: steps.count) }
    look(prepared.step, "backward", steps, timed: timed) {
      diagnostician.diagnose($0, models: [], $1 ? prepared : nil).diagnoses
    }
    guard hasSequence else { return }
    let sequences = chosen(Draw.several(cell, seed: seed, hasTime: true))
    let loop = diagnostician.worlds(sequences, [])[0]
    prepared = Diagnostician.Prepared()
    prepared.loopForward = diagnostician.loopForwardHypotheses(sequences)
      .map { $0.remembered(draws: sequences.count) }
    look(prepared.loopForward, "loop forward", sequences, timed: timed) {
      diagnostician.diagnoseSequence($0, step: .init(), $1 ? prepared : nil).diagnoses
    }
    prepared.loopBack = diagnostician.loopBackHypotheses(loop, 0).map { $0.remembered(draws: sequences.count) }
    prepared.step = loop.hypotheses(cell.faults, world: 0, inLoop: true).map { $0.remembered(draws: sequences.count) }
    for (kind, list) in [("loop backward", prepared.loopBack), ("backward in a loop", prepared.step)] {
      look(list, kind, sequences, timed: timed, known: prepared.loopBack + prepared.step) {
        diagnostician.diagnoseSequence($0, step: .init(), $1 ? prepared : nil).diagnoses
      }
    }
  }

  private mutating func look(
    _ hypotheses: [Hypothesis], _ kind: String, _ draws: [Evidence], timed: Int, known: [Hypothesis] = [],
    _ diagnose: (_ evidence: [Evidence], _ isPrepared: Bool) -> [BlockAddress: Diagnosis]
  ) {
    let right = draws.map(\.draw.right)
    let byId = Dictionary((hypotheses + known).map { ($0.id, $0) }) { first, _ in first }
    let stride = Swift.max(1, hypotheses.count / Swift.max(1, timed))
    for (index, hypothesis) in hypotheses.enumerated() {
      let slip = String(hypothesis.id.prefix { $0 != ":" })
      let row = rows.firstIndex { $0.kind == kind && $0.slip == slip } ?? rows.count
      if row == rows.count { rows.append(Row(kind: kind, slip: slip)) }
      rows[row].enumerated += 1
      let made = draws.indices.map(hypothesis.make)
      func differs(_ other: (Int) -> Matrices, by tolerance: Double) -> Bool {
        draws.indices.contains { draw in
          let other = other(draw)
          return made[draw].contains { Matcher.error($0.value, other[$0.key]) > tolerance }
        }
      }
      guard differs({ right[$0] }, by: Comparison.tolerance) else {
        rows[row].silent += 1
        continue
      }
      rows[row].rejected += 1
      let evidence = draws.indices.map { draw in
        Evidence(draw: draws[draw].draw, received: made[draw].merging(right[draw]) { own, _ in own })
      }
      let found = diagnose(evidence, true)
      let names = Set(found.values.map(\.fault))
      // A mistake that leaves nothing but zeros is told as such.
      let isZero = made[0].allSatisfy { $0.value.allSatisfy { $0.elements.allSatisfy { $0 == 0 } } }
      if names.contains(hypothesis.id) || (isZero && names.allSatisfy { $0.hasPrefix("zeros:") })
        || names.contains(where: { byId[$0].map { !differs($0.make, by: Matcher.tolerance) } == true })
      {
        rows[row].named += 1
        if found.values.contains(where: { !$0.ties.isEmpty }) { rows[row].ties += 1 }
      } else {
        missed.append("\(hypothesis.id) → \(names.sorted().joined(separator: ", "))")
        if !names.isEmpty { rows[row].misnamed += 1 }
      }
      if timed > 0, index % stride == 0 {
        let clock = ContinuousClock()
        let times = (0..<3).map { _ in clock.measure { _ = diagnose(evidence, false) } / .seconds(1) }
        seconds.append(times.min() ?? 0)
      }
    }
  }
}
