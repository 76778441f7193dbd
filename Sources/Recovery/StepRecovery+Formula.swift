// One gradient of a step: its formula, upstream by upstream.

import CellKit
import Diagnosis
import Faults
import Formula
import Recurrence

extension StepRecovery {
  /// A gradient, and the line of the submission that it is read from.
  struct Gradient {
    let latex: String
    /// The node whose gradient it is.
    let node: Int
    /// The parameter by whose gradient it is seen; nil where the block is the gradient itself.
    let use: GateSum.Use?
    let block: BlockAddress
    let gate: GateSum.Gate?
  }

  /// What is found of the parts of a gradient, one after the other.
  private struct Findings {
    var parts: [Recovered.Part] = []
    var texts: [String] = []
    var rightTexts: [String] = []
    /// Whether every part has a formula.
    var isWhole = true
    var changes = 0
    /// The sum of the parts on the draws that are graded; nil where it has a term that is not worked out there.
    var sums: [[Double]?]
  }

  /// The formula of a gradient, found upstream by upstream; nil where nothing can be said.
  ///
  /// - Parameter received: a part of the gradient on each network.
  func formula(
    of gradient: Gradient, _ rightGates: [String], received: (StepAnswers.Part) -> [Matrix]?
  ) -> Recovered? {
    var findings = Findings(
      sums: graded.algebra.values(of: gradient.node).map { [Double](repeating: 0, count: $0.elements.count) })
    // A term that needs no upstream stands behind those that do.
    for part in cell.quantities.results.indices.map(StepAnswers.Part.upstream) + [.constant] {
      guard let numbers = received(part) else { return nil }
      read(part, of: gradient, numbers, &findings)
    }
    let isSeen = findings.parts.contains { part in
      switch part.outcome {
      case .missing, .formula, .right: true
      case .unknown: false
      }
    }
    guard isSeen else { return nil }
    let isTold = findings.isWhole && agreesWithGraded(gradient, findings.sums)
    return Recovered(
      of: gradient.latex, computed: isTold ? findings.texts.joinedAsSum : nil,
      right: isTold && findings.changes <= 1 ? findings.rightTexts.joinedAsSum : nil,
      parts: isTold || !findings.isWhole ? findings.parts : findings.parts.filter { $0.outcome == .right },
      gate: (gradient.gate?.count ?? 1) > 1 ? name(of: gradient.node) : nil, rightGates: rightGates)
  }

  private func read(
    _ part: StepAnswers.Part, of gradient: Gradient, _ numbers: [Matrix], _ findings: inout Findings
  ) {
    var algebra = self.algebra
    var right: Formula = []
    var source: String?
    if case .upstream(let index) = part {
      right = algebra.gradients(upstream: index, own: own)[gradient.node] ?? []
      source = cell.quantities.results[index].name.latex(time: "t")
      if !right.isEmpty { findings.rightTexts.append(right.latex(algebra.atoms)) }
    }
    let expected = numbers.indices.map { network in
      right.sum(algebra.atoms, on: network, count: numbers[network].elements.count)
    }
    if Self.agree(numbers, expected) {
      guard !right.isEmpty else { return }
      findings.parts.append(Recovered.Part(source: source, outcome: .right))
      findings.texts.append(right.latex(algebra.atoms))
      return add(right, to: &findings.sums)
    }
    let size = expected.joined().reduce(1e-9) { max($0, abs($1)) }
    if numbers.allSatisfy({ $0.elements.allSatisfy { abs($0) <= 1e-10 * size } }) {
      findings.parts.append(Recovered.Part(source: source, outcome: .missing))
      findings.changes += right.first.map { max(1, $0.factors.count) } ?? 0
      return
    }
    let divisors = factors(at: gradient.node, &algebra)
    guard let found = FormulaSearch(algebra.atoms, target: numbers, right: right, divisors: divisors).find() else {
      findings.parts.append(Recovered.Part(source: source, outcome: .unknown))
      findings.isWhole = false
      return
    }
    let change = FormulaChange(found, right, algebra.atoms)
    findings.changes += change.count
    findings.texts.append(found.latex(algebra.atoms))
    findings.parts.append(
      Recovered.Part(
        source: source, outcome: .formula(found.latex(algebra.atoms)),
        // With more than one of its factors named, the right product would stand there.
        missing: change.missing.count == 1 ? change.missing : [],
        foreign: change.foreign.count == 1 ? change.foreign : [], dividing: change.dividing))
    add(found, to: &findings.sums)
  }

  private static func agree(_ numbers: [Matrix], _ expected: [[Double]]) -> Bool {
    zip(numbers, expected).allSatisfy { numbers, expected in
      let size = expected.reduce(1e-12) { max($0, abs($1)) }
      return zip(numbers.elements, expected).allSatisfy { abs($0 - $1) <= 1e-8 * size }
    }
  }

  /// The factors of the right gradient at a node by any upstream.
  private func factors(at node: Int, _ algebra: inout StepAlgebra) -> Set<Int> {
    var factors: Set<Int> = []
    for index in cell.quantities.results.indices {
      let right = algebra.gradients(upstream: index, own: own)[node] ?? []
      factors.formUnion(right.flatMap(\.factors).filter { !algebra.isUpstream($0) })
    }
    return factors
  }

  // MARK: On the draws that are graded

  /// Adds a formula to its sum with others; paths through a matrix are not known there for each sample.
  private func add(_ formula: Formula, to sums: inout [[Double]?]) {
    let known = graded.algebra.atoms
    for draw in sums.indices {
      guard let sum = sums[draw] else { continue }
      guard formula.allSatisfy({ ($0.factors + $0.divisors).allSatisfy { $0 < known.count } }) else {
        sums[draw] = nil
        continue
      }
      sums[draw] = zip(sum, formula.sum(known, on: draw, count: sum.count)).map(+)
    }
  }

  /// Whether a formula gives what was answered on the draws that are graded, too.
  private func agreesWithGraded(_ gradient: Gradient, _ sums: [[Double]?]) -> Bool {
    let like = graded.algebra.values(of: gradient.node)
    for (draw, sum) in sums.enumerated() {
      guard let sum, let received = graded.received[draw][gradient.block]?.first else { continue }
      let delta = Matrix(rows: like[draw].rows, columns: like[draw].columns, elements: sum)
      guard let use = gradient.use, let gate = gradient.gate else {
        guard StepAnswers.agree(delta, received) else { return false }
        continue
      }
      let isColumn = cell.layout == .columns
      let made: Matrix
      if let vector = use.vector {
        let values = graded.algebra.values(of: vector)[draw]
        made = isColumn ? delta * values.T : values.T * delta
      } else {
        made = isColumn ? delta.sumOverColumns() : delta.sumOverRows()
      }
      guard StepAnswers.agree(made, received.part(gate, of: cell.layout)) else { return false }
    }
    return true
  }
}

extension [String] {
  /// Terms one after the other, with a minus where one begins with it.
  fileprivate var joinedAsSum: String {
    guard let first else { return "0" }
    return dropFirst().reduce(first) { sum, term in
      term.hasPrefix("-") ? sum + " - " + term.dropFirst() : sum + " + " + term
    }
  }
}
