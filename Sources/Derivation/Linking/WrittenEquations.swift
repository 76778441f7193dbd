// A learner's lines as equations that can be evaluated on the numbers that the learner's code was called with.
//
// Nothing of the text is executed: its trees are evaluated term by term, within a budget.

import CellKit
public import Diagnostics
import Formula
public import Recurrence

/// The equations of a derivation, ready to be evaluated.
public final class WrittenEquations {
  private let lines: StatedDerivatives
  private let session: Session
  /// Terms that may still be evaluated.
  var budget = WrittenEquations.budget

  /// How many terms are evaluated at most for one text.
  static let budget = 2_000_000
  /// In how many samples it is looked for the line from which a difference comes.
  private static let searchedSamples = 2
  /// Up to this a line counts as right on a network, as in the check itself.
  private static let tolerance = 1e-9

  /// Reads the equations of a text again.
  ///
  /// - Parameters:
  ///   - text: the derivation.
  ///   - chains: what the check found about the same text.
  /// - Returns: nil where no line states a derivative, or where the cell is a stack of layers.
  fileprivate init?(_ text: SourceText, _ chains: [DerivationReport.Chain], cell: Cell) {
    guard cell.stack == nil else { return nil }
    let paper = Paper(text, cell: cell)
    guard paper.lines.count == chains.count else { return nil }
    session = Examiner(paper, cell: cell, seed: 0).session
    var found: [StatedDerivative] = []
    for (line, chain) in zip(paper.lines, chains)
    where line.refusal == nil && session.failures[line.number] == nil && !line.statement.signs.isEmpty {
      if let stated = StatedDerivative(session.chain(line.statement), chain.links) {
        found.append(stated)
      }
    }
    lines = StatedDerivatives(found)
    if lines.isEmpty { return nil }
  }

  /// What the lines say of the gradients of a case.
  ///
  /// - Parameters:
  ///   - value: the numbers of one call, for a whole batch.
  ///   - sizes: their sizes.
  ///   - isStep: whether it is one step, whose upstream is what comes from its own loss and from the step after.
  public func gradients(on value: Case, sizes: Sizes, isStep: Bool) -> WrittenGradients {
    onLargeStack { evaluate(value, sizes, isStep: isStep) }
  }

  // MARK: Samples

  private func evaluate(_ value: Case, _ sizes: Sizes, isStep: Bool) -> WrittenGradients {
    var result = WrittenGradients()
    let cell = session.context.cell
    let samples = session.context.isBatched ? [value] : (0..<sizes.batch).map { value.sample($0, of: cell) }
    var letters = sizes.letters
    letters["N"] = session.context.isBatched ? sizes.batch : 1
    let networks = samples.map {
      SampleNetwork($0, Sizes(letters, steps: sizes.steps), session.context, lines, isStep: isStep)
    }
    let targets = blocks(steps: sizes.steps)
    for (block, instances) in targets {
      guard !lines[instances[0].entity].isEmpty else { continue }
      result.entries[block] = entry(block, instances, networks)
      guard budget > 0 else { return WrittenGradients(entries: [:], isExhausted: true) }
    }
    return result
  }

  private func blocks(steps: Int) -> [(WrittenGradients.Block, [Instance])] {
    let cell = session.context.cell
    let quantities = cell.quantities
    return quantities.inputs.indices.map { index in
      (.input(index), (1...steps).map { Instance(entity: .gradient(.input(index)), times: [$0]) })
    }
      + quantities.states.indices.map { index in
        (.initial(index), [Instance(entity: .gradient(.node(cell.graph.results[index])), times: [0])])
      }
      + quantities.parameters.indices.map { index in
        (.parameter(index), [Instance(entity: .gradient(.parameter(index)), times: [])])
      }
  }

  private func entry(
    _ block: WrittenGradients.Block, _ instances: [Instance], _ networks: [SampleNetwork]
  ) -> WrittenGradients.Entry? {
    let isFlipped = instances.contains { instance in
      if case .gradient(let target) = instance.entity { session.context.isFlipped(target) } else { false }
    }
    var bySample: [[Matrix]] = []
    for network in networks {
      let values = spending {
        instances.map { network.stated.found($0)?.value.map { isFlipped ? $0.flipped : $0 } }
      }
      let whole = values.compactMap(\.self)
      if whole.count == instances.count { bySample.append(whole) }
    }
    guard let network = networks.first, budget > 0 else { return nil }
    let closures = networks.prefix(Self.searchedSamples).map { network in
      instances.reduce(into: Set<Instance>()) { $0.formUnion(network.stated.closure(of: $1)) }
    }
    let stated = network.stated
    guard let first = instances.compactMap({ stated.followed[$0] ?? stated.voiceless[$0] }).first else { return nil }
    var roots: Set<WrittenGradients.Root> = []
    var isDoubtful = false
    for (network, closure) in zip(networks, closures) {
      for line in spending({ network.wrongLines(among: closure, Self.tolerance) }) {
        if let root = root(line) { roots.insert(root) } else { isDoubtful = true }
      }
    }
    let assumed = Set((closures.first ?? []).filter { stated.unstated.contains($0) }.compactMap(latex))
    let values = bySample.count == networks.count ? joined(block, bySample) : nil
    return WrittenGradients.Entry(
      values: values, line: first.line, roots: roots.sorted { ($0.line, $0.latex) < ($1.line, $1.latex) },
      isDoubtful: isDoubtful, assumed: assumed.sorted())
  }

  /// Where a line that is not right goes wrong; nil where the check did not find it wrong.
  private func root(_ line: StatedDerivative) -> WrittenGradients.Root? {
    if let wrong = line.wrongLine { return WrittenGradients.Root(line: wrong, latex: line.latex) }
    guard let following = line.followingLine else { return nil }
    // It may only say once more what another line about the same got wrong.
    for other in lines[line.entity] {
      if let wrong = other.wrongLine { return WrittenGradients.Root(line: wrong, latex: other.latex) }
    }
    return WrittenGradients.Root(line: following, latex: line.latex)
  }

  /// The batch from its samples: side by side, or added up.
  private func joined(_ block: WrittenGradients.Block, _ samples: [[Matrix]]) -> [Matrix]? {
    guard let steps = samples.first?.count else { return nil }
    let isRows = session.context.isRows
    let matrices = (0..<steps).map { step -> Matrix? in
      let parts = samples.map { $0[step] }
      if case .parameter = block {
        return parts.dropFirst().reduce(parts[0]) { sum, part in sum.flatMap { $0.combined(part) { $0 + $1 } } }
      }
      return isRows ? .onTop(parts) : .sideBySide(parts)
    }
    let whole = matrices.compactMap(\.self)
    return whole.count == steps ? whole : nil
  }

  /// A gradient of a step within the sequence, as the learner would write it; nil for what need not be stated.
  private func latex(_ instance: Instance) -> String? {
    guard case .gradient(let target) = instance.entity, instance.times.first != 0 else { return nil }
    let name = session.context.name(of: target)
    return "\\frac{\\partial L}{\\partial \(instance.times.isEmpty ? name.latex : name.latex(time: "t"))}"
  }

  /// Evaluates with what is left of the budget.
  private func spending<Result>(_ body: () -> Result) -> Result {
    session.context.effort.part(of: &budget, body)
  }
}

extension DerivationChecker {
  /// The equations of a text that this checker has examined.
  ///
  /// - Returns: nil where no line states a derivative, or where the cell is a stack of layers.
  public func equations(of text: SourceText, examined report: DerivationReport) -> WrittenEquations? {
    guard !report.statesCell else { return nil }
    return onLargeStack { WrittenEquations(text, report.chains, cell: cell) }
  }
}
