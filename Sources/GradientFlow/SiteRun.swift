// One solution of the mean-field equations by drawing: paths of single units, forward and backward.

import Formula
import Glibc
import Recurrence

/// The units of a cell, drawn step by step.
final class SiteRun {
  let theory: SiteTheory
  let steps: Int
  var generator: SeededGenerator
  /// The product of each node that is one.
  let uses: [Int: CellAnatomy.MatrixUse]
  /// A unit is a sample, and what it has of each kind are the features.
  let tape: Tape
  var plan: StepPlan { tape.plan }

  init(_ theory: SiteTheory) {
    self.theory = theory
    steps = theory.experiment.steps
    let plan = StepPlan(
      theory.cell.graph, samplesAreColumns: true,
      extents: theory.blocks.enumerated().map { index, blocks in
        Extent(rows: theory.needed[index] ? blocks ?? 0 : 0, columns: SiteTheory.sites)
      })
    tape = Tape(theory.cell, plan, sizes: theory.experiment.sizes(for: theory.cell))
    // The theory of one experiment is one number, whatever seeds the networks have.
    generator = SeededGenerator(seed: 0x5EED, stream: 7)
    uses = Dictionary(
      theory.anatomy.matrices.joined().map { ($0.product, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var nodes: [Node] { theory.nodes }
  var graph: StepGraph { theory.cell.graph }

  /// The values of all nodes at a step.
  func block(_ step: Int) -> Entries { tape.block(step) }

  /// Where a node lies in a block of values or adjoints; nil where it has no units.
  func place(_ node: Int, in block: Entries) -> Entries? {
    theory.needed[node] && theory.blocks[node] != nil ? block + plan.offsets[node] : nil
  }

  /// How many units a node has.
  func width(_ node: Int) -> Int { (theory.blocks[node] ?? 0) * SiteTheory.sites }

  /// The parts of a product's vector that come from states, with their nodes.
  func stateParts(of use: CellAnatomy.MatrixUse) -> [(place: Int, node: Int)] {
    zip(use.parts, theory.operands(of: use)).enumerated().compactMap { place, part in
      part.0.source == .state ? (place, part.1) : nil
    }
  }

  // MARK: Parameters

  /// What a parameter with one axis, or none, is at each unit.
  func parameterValues() -> [[Double]?] {
    let experiment = theory.experiment
    var values: [[Double]?] = graph.parameters.enumerated().map { index, node in
      guard let node, theory.blocks[node] != nil, theory.needed[node] else { return nil }
      let variance: Double
      if theory.anatomy.multipliesState[index] {
        let each = theory.recurrentVariance + (theory.identityGain.map { $0 * $0 } ?? 0)
        variance = each / Double(experiment.hidden)
      } else {
        variance = Theory.inputVariances(experiment, inputs: 0).bias
      }
      if experiment.variant.input == nil, case .uniform(let scale) = experiment.variant.weights {
        let bound = scale / Double(experiment.hidden).squareRoot()
        return (0..<width(node)).map { _ in bound * (2 * generator.uniform() - 1) }
      }
      return (0..<width(node)).map { _ in variance.squareRoot() * generator.normal() }
    }
    if let forget = experiment.variant.forget { write(forget, to: &values) }
    return values
  }

  /// Puts the forget gates' biases, and for chrono initialisation the input gates', over what was drawn.
  private func write(_ forget: Variant.Forget, to values: inout [[Double]?]) {
    let anatomy = theory.anatomy
    let sites = SiteTheory.sites
    // At the middles of equal shares, in the order of the units.
    let biases = (0..<sites).map { index -> Double in
      switch forget {
      case .constant(let bias): return bias
      case .chrono(let longest): return Glibc.log(1 + (longest - 2) * (Double(index) + 0.5) / Double(sites))
      }
    }
    func write(_ gate: CellAnatomy.Gate, _ sign: Double) {
      for (position, part) in anatomy.biases(of: gate).enumerated() {
        guard var list = values[part.parameter] else { continue }
        let length = list.count / part.count
        for index in 0..<length {
          let bias = biases[index % sites] * sign * part.sign * (gate.isDirect ? 1 : -1)
          list[part.index * length + index] = position == 0 ? bias : 0
        }
        values[part.parameter] = list
      }
    }
    for gate in anatomy.forgetGates { write(gate, 1) }
    if case .chrono = forget { for gate in anatomy.inputGates { write(gate, -1) } }
  }
}
