// What a submission computes on the way back through one step, found from its answers.

import CellKit
package import Diagnosis
import Faults
import Formula
import Recurrence

/// Reads the gradients of one step apart: which gate's δ, which line, which upstream, and by which formula.
package struct StepRecovery {
  /// What was found of a wrong block.
  package enum Finding: Hashable {
    /// A formula, or what is known of it.
    case formula(Recovered)
    /// No gradient: it is not linear in the upstream.
    case notLinear
    /// Right for one sample by itself: what is wrong is done with several.
    case onlyWithSeveralSamples
  }

  let cell: Cell
  let answers: StepAnswers
  let algebra: StepAlgebra
  /// The same on the draws that are graded, and what was answered there.
  let graded: (algebra: StepAlgebra, received: [Matrices])
  /// The gradients at the sums of gates as the submission has them, with every upstream.
  private(set) var own: [Int: [Matrix]] = [:]
  private var findings: [BlockAddress: Finding] = [:]

  /// - Parameters:
  ///   - received: the answers to the questions, in their order.
  ///   - evidence: the answers that are graded: a formula that does not give these, too, is not told.
  package init?(_ questions: StepQuestions, _ received: [Matrices], _ evidence: [Evidence]) {
    guard let answers = StepAnswers(questions, received) else { return nil }
    (cell, self.answers) = (questions.cell, answers)
    algebra = StepAlgebra(cell, questions.draws)
    graded = (StepAlgebra(cell, evidence.map(\.draw)), evidence.map(\.received))
  }

  /// What was found of the wrong blocks.
  ///
  /// - Parameter wrong: the blocks that are wrong on the draws that are graded.
  package mutating func findings(of wrong: Set<BlockAddress>) -> [BlockAddress: Finding] {
    // Formulas of gradients are made from right values.
    let isForwardRight = cell.quantities.results.indices.allSatisfy { index in
      answers.output(index).map { StepAnswers.agree($0, answers.draws.map { $0.outputs[index][0] }) } ?? false
    }
    guard isForwardRight else { return [:] }
    for block in wrong {
      if !answers.isLinear(block) {
        findings[block] = .notLinear
      } else if isRightAlone(block) {
        findings[block] = .onlyWithSeveralSamples
      }
    }
    for sum in cell.gateSums { read(sum, wrong) }
    for block in cell.gradientPlaces where wrong.contains(block) && findings[block] == nil {
      switch block {
      case .input(let index):
        if let node = cell.graph.inputs[index] { readSum(block, node) }
      case .previous(let index):
        if let node = cell.graph.previous[index] { readSum(block, node) }
      default: break
      }
    }
    return folded()
  }

  /// The findings, with one formula where several show the same change.
  private func folded() -> [BlockAddress: Finding] {
    var (first, groups): ([Recovered], [[String]]) = ([], [])
    for place in cell.gradientPlaces {
      guard case .formula(let found)? = findings[place] else { continue }
      if let group = first.firstIndex(where: { found.showsChange(of: $0) }) {
        if !groups[group].contains(found.of) { groups[group].append(found.of) }
      } else {
        first.append(found)
        groups.append([found.of])
      }
    }
    return findings.mapValues { finding in
      guard case .formula(let found) = finding, let group = first.firstIndex(where: { found.showsChange(of: $0) })
      else { return finding }
      return .formula(first[group].told(also: groups[group]))
    }
  }

  /// Whether a block is right where there is one sample.
  private func isRightAlone(_ block: BlockAddress) -> Bool {
    guard let whole = answers.whole(block) else { return false }
    return StepAnswers.agree(whole, answers.draws.compactMap { $0.right[block]?.first })
  }

  // MARK: Gates

  /// The δ of a sum by one of its parameters; nil where the gradient is not made of it and the parameter's vector.
  private func delta(_ use: GateSum.Use, _ gradient: [Matrix]?) -> [Matrix]? {
    guard let gradient else { return nil }
    guard let vector = use.vector else { return gradient }
    let vectors = algebra.values(of: vector)
    var found: [Matrix] = []
    for (gradient, vector) in zip(gradient, vectors) {
      let size = vector.elements.reduce(0) { $0 + $1 * $1 }
      let isColumn = cell.layout == .columns
      guard isColumn ? gradient.columns == vector.rows : gradient.rows == vector.columns else { return nil }
      let delta = isColumn ? gradient * vector * (1 / size) : vector * gradient * (1 / size)
      guard StepAnswers.agree(isColumn ? delta * vector.T : vector.T * delta, gradient) else { return nil }
      found.append(delta)
    }
    return found
  }

  private mutating func read(_ sum: GateSum, _ wrong: Set<BlockAddress>) {
    let right = algebra.rightGradient(at: sum.node)
    let witnesses = sum.uses.map { use in
      (
        use: use, block: BlockAddress.parameter(use.parameter),
        delta: delta(use, answers.whole(.parameter(use.parameter)))
      )
    }
    // The δ that most lines agree on; where one line has the right one, δ is right.
    let known = witnesses.compactMap(\.delta)
    guard !known.isEmpty else { return }
    let isRight = known.contains { StepAnswers.agree($0, right) }
    let agreeing = known.map { one in known.count { StepAnswers.agree($0, one) } }
    let most = zip(known, agreeing).max { $0.1 < $1.1 }?.0 ?? right
    let shared = isRight ? right : most
    own[sum.node] = shared
    if !isRight { readGates(sum, shared, right, witnesses.map { ($0.use, $0.block, $0.delta) }, wrong) }
    for (use, block, found) in witnesses where wrong.contains(block) && findings[block] == nil {
      // δ is what the other lines have: this line alone is wrong.
      guard isRight || known.count > 1 else { continue }
      let line = found == nil ? operand(use, shared) : line(sum, use, block)
      if let line { findings[block] = .formula(line) }
    }
  }

  private mutating func readGates(
    _ sum: GateSum, _ delta: [Matrix], _ right: [Matrix],
    _ witnesses: [(use: GateSum.Use, block: BlockAddress, delta: [Matrix]?)], _ wrong: Set<BlockAddress>
  ) {
    func isGateRight(_ gate: GateSum.Gate) -> Bool {
      zip(delta, right).allSatisfy { StepAnswers.agree($0.part(gate, of: cell.layout), $1.part(gate, of: cell.layout)) }
    }
    // The line that the δ is read from: one that agrees with it.
    guard
      let line = witnesses.first(where: { witness in
        wrong.contains(witness.block) && witness.delta.map { StepAnswers.agree($0, delta) } == true
      })
    else { return }
    let rightGates = sum.gates.count > 1 ? sum.gates.filter(isGateRight).map { name(of: $0.node) } : []
    for gate in sum.gates where !isGateRight(gate) {
      let gradient = Gradient(
        latex: gradientName(gate.node), node: gate.node, use: line.use, block: line.block, gate: gate)
      let found = formula(
        of: gradient, rightGates,
        received: { part in
          self.delta(line.use, answers.part(part, of: line.block))?.map { $0.part(gate, of: cell.layout) }
        })
      guard let found else { continue }
      for witness in witnesses where wrong.contains(witness.block) && findings[witness.block] == nil {
        if witness.delta.map({ StepAnswers.agree($0, delta) }) == true { findings[witness.block] = .formula(found) }
      }
    }
  }

  func name(of node: Int) -> String { cell.display(of: node).latex }

  private func gradientName(_ node: Int) -> String { "\\frac{\\partial L}{\\partial \(name(of: node))}" }

  /// What one line has in the place of δ, where the other lines have δ.
  private func line(_ sum: GateSum, _ use: GateSum.Use, _ block: BlockAddress) -> Recovered? {
    guard let gate = sum.gates.first, sum.gates.count == 1 else { return nil }
    let parameter = cell.quantities.parameters[use.parameter].name.latex
    let gradient = Gradient(
      latex: "\\frac{\\partial L}{\\partial \(parameter)}", node: gate.node, use: use, block: block, gate: gate)
    guard let found = formula(of: gradient, [], received: { self.delta(use, self.answers.part($0, of: block)) }) else {
      return nil
    }
    guard let vector = use.vector.map(name(of:)) else { return found }
    // The formula is of what is multiplied with the vector.
    func times(_ text: String?) -> String? {
      text.map { cell.layout == .columns ? "(\($0)) \(vector)^\\top" : "\(vector)^\\top (\($0))" }
    }
    return Recovered(
      of: found.of, computed: times(found.computed), right: times(found.right), parts: found.parts)
  }

  /// What stands where a parameter's vector belongs, where the rest of the line is right.
  private func operand(_ use: GateSum.Use, _ delta: [Matrix]) -> Recovered? {
    guard let gradient = answers.whole(.parameter(use.parameter)), let vector = use.vector else { return nil }
    var found: [Matrix] = []
    for (gradient, delta) in zip(gradient, delta) {
      let size = delta.elements.reduce(0) { $0 + $1 * $1 }
      let isColumn = cell.layout == .columns
      guard isColumn ? gradient.rows == delta.rows : gradient.columns == delta.columns else { return nil }
      let operand = isColumn ? (gradient.T * delta) * (1 / size) : (delta * gradient.T) * (1 / size)
      guard StepAnswers.agree(isColumn ? delta * operand.T : operand.T * delta, gradient) else { return nil }
      found.append(operand)
    }
    var algebra = algebra
    let place = algebra.value(of: vector)
    guard let formula = FormulaSearch(algebra.atoms, target: found, right: [Product([place])]).find() else {
      return nil
    }
    let (sum, parameter) = (
      name(of: use.product.map(summit) ?? vector), cell.quantities.parameters[use.parameter].name.latex
    )
    let side = formula.latex(algebra.atoms)
    let text =
      cell.layout == .columns
      ? "\\frac{\\partial L}{\\partial \(sum)} (\(side))^\\top"
      : "(\(side))^\\top \\frac{\\partial L}{\\partial \(sum)}"
    return Recovered(of: "\\frac{\\partial L}{\\partial \(parameter)}", computed: text)
  }

  private func summit(_ product: Int) -> Int {
    cell.gateSums.first { $0.uses.contains { $0.product == product } }?.node ?? product
  }

  // MARK: Sums of paths

  private mutating func readSum(_ block: BlockAddress, _ node: Int) {
    let latex = "\\frac{\\partial L}{\\partial \(cell.name(of: block, hasTime: false).latex)}"
    let hasPaths = cell.graph.contributions.contains { edge in
      guard edge.target == node, case .product = cell.graph.nodes[edge.source].operation else { return false }
      return true
    }
    guard hasPaths else {
      let gradient = Gradient(latex: latex, node: node, use: nil, block: block, gate: nil)
      let found = formula(of: gradient, [], received: { answers.part($0, of: block) })
      if let found { findings[block] = .formula(found) }
      return
    }
    guard let received = answers.whole(block) else { return }
    let paths = PathSum(cell, algebra, own)
    guard let right = paths.terms(into: node) else { return }
    if paths.agree(right, received) {
      // Right for the δ's that came before: their mistake is the one to tell.
      let known = findings
      findings[block] = cell.gateSums.flatMap(\.uses).compactMap { known[.parameter($0.parameter)] }.first
      return
    }
    guard let found = paths.find(received, right) else { return }
    findings[block] = .formula(Recovered(of: latex, computed: found))
  }
}
