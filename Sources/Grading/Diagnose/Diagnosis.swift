// The mistake that explains wrong gradients: found by making each possible mistake and comparing.

import CellKit
import Formula
public import Recurrence

/// What was probably done, in facts; Reports has the words.
public struct Diagnosis: Sendable, Hashable {
  /// What explains the blocks.
  public enum Cause: Sendable, Hashable {
    /// A mistake at edges of the graph.
    case slip(Fault.Slip)
    /// Only zeros.
    case zeros
    /// The right block times this number.
    case multiple(Double)
    /// The right block, transposed.
    case transposed
    /// The right gradient by another quantity.
    case anotherBlock
    /// A slip in the loss, the sampling or the clipping of a model.
    case model(ModelSlip)
  }

  /// A name that stays the same as long as the sheet's equations do.
  public let fault: String
  /// What was done.
  public let cause: Cause
  /// Where: from what the gradient should reach up to the quantity in whose equation that stands, in LaTeX.
  public let path: [String]
  /// The other factor of the product in question, in LaTeX.
  public let other: String?
  /// Whether it was done at every edge of its kind.
  public let isEverywhere: Bool
  /// How many other mistakes would give the same numbers.
  public let alternatives: Int
}

extension Diagnosis {
  /// Every mistake in the reverse pass of a cell's step that can be recognised.
  public static func catalogue(of cell: Cell) -> [Diagnosis] {
    cell.faults.map { Diagnosis($0, of: cell, alternatives: 0) }
  }

  init(_ fault: Fault, of cell: Cell, alternatives: Int) {
    let edge = fault.kept ?? fault.edges[0]
    self.init(
      fault: fault.id(in: cell), cause: .slip(fault.slip), path: cell.display(of: edge).map(\.latex),
      other: cell.otherOperand(of: edge)?.latex, isEverywhere: fault.edges.count > 1 && fault.kept == nil,
      alternatives: alternatives)
  }
}

/// Names mistakes in the reverse pass of a cell's step.
struct Diagnostician: Sendable {
  /// Blocks that agree this well come from the same formula.
  private static let tolerance = 1e-7
  /// More than this many independent mistakes are not told apart.
  private static let limit = 3

  let cell: Cell

  /// A gradient block of a step.
  enum Place: Sendable, Hashable {
    case input(Int), previous(Int), parameter(Int)
  }

  /// One draw, and what the submission answered.
  struct Evidence {
    let draw: Draw
    let received: [Place: Matrix]
  }

  private var places: [Place] {
    cell.quantities.inputs.indices.map(Place.input) + cell.quantities.states.indices.map(Place.previous)
      + cell.quantities.parameters.indices.map(Place.parameter)
  }

  /// What explains each wrong block, where a mistake does.
  func diagnose(_ evidence: [Evidence]) -> [Place: Diagnosis] {
    guard evidence.count > 1 else { return [:] }
    let steps = evidence.prefix(2).map { FaultyStep(cell, sizes: $0.draw.sizes, $0.draw.value) }
    let right = steps.map { $0.gradients() }
    let wrong = places.filter { place in
      zip(evidence, right).contains { !agrees($0.received[place], expected(place, $1)) }
    }
    guard !wrong.isEmpty else { return [:] }
    var open = Set(wrong)
    var diagnoses: [Place: Diagnosis] = [:]
    let candidates = candidates(evidence, steps, wrong: Set(wrong))
    for _ in 0..<Self.limit {
      let scored = candidates.map { ($0, $0.explained.intersection(open).count) }
      guard let most = scored.map(\.1).max(), most > 0 else { break }
      let best = scored.filter { $0.1 == most }.map(\.0)
      // The simplest: one edge before all edges of a kind; and of edges in series the one that shows the whole path.
      let chosen = best.min { left, right in
        (left.fault.edges.count, -cell.display(of: left.fault.edges[0]).count)
          < (right.fault.edges.count, -cell.display(of: right.fault.edges[0]).count)
      }
      guard let chosen else { break }
      // Mistakes that give the same numbers everywhere are one mistake under several names.
      let others = best.filter { other in
        !places.allSatisfy { agrees(expected($0, other.made), expected($0, chosen.made)) }
      }
      let diagnosis = Diagnosis(chosen.fault, of: cell, alternatives: others.count)
      for place in chosen.explained where open.remove(place) != nil { diagnoses[place] = diagnosis }
    }
    for place in open {
      if let form = form(of: place, evidence, right) { diagnoses[place] = form }
    }
    return diagnoses
  }

  private struct Candidate {
    let fault: Fault
    let explained: Set<Place>
    /// The gradients that it gives on the first draw.
    let made: FaultyStep.Blocks
  }

  /// The mistakes that keep right blocks right and give at least one wrong block as it was received, on both draws.
  private func candidates(_ evidence: [Evidence], _ steps: [FaultyStep], wrong: Set<Place>) -> [Candidate] {
    // Listed only here: most submissions are right, and nothing is to be explained.
    cell.faults.compactMap { fault in
      var explained = wrong
      var first: FaultyStep.Blocks?
      for (one, step) in zip(evidence, steps) {
        let made = step.gradients(fault)
        first = first ?? made
        for place in places {
          let isMade = agrees(one.received[place], expected(place, made))
          if !wrong.contains(place), !isMade { return nil }
          if !isMade { explained.remove(place) }
        }
        if explained.isEmpty { return nil }
      }
      return first.map { Candidate(fault: fault, explained: explained, made: $0) }
    }
  }

  /// A block that is right but for its form.
  private func form(of place: Place, _ evidence: [Evidence], _ right: [FaultyStep.Blocks]) -> Diagnosis? {
    let pairs = zip(evidence, right).map { ($0.received[place], expected(place, $1), $0.draw) }
    func all(_ test: (Matrix, Matrix, Draw) -> Bool) -> Bool {
      pairs.allSatisfy { received, expected, draw in
        guard let received, let expected else { return false }
        return test(received, expected, draw)
      }
    }
    func made(_ cause: Diagnosis.Cause, _ word: String, path: [String] = []) -> Diagnosis {
      Diagnosis(
        fault: "\(word):\(name(of: place).swift)", cause: cause, path: [name(of: place).latex] + path, other: nil,
        isEverywhere: false, alternatives: 0)
    }
    if all({ received, _, _ in received.elements.allSatisfy { $0 == 0 } }) { return made(.zeros, "zeros") }
    if all({ received, expected, _ in received.rows != received.columns && self.agrees(received, expected.T) }) {
      return made(.transposed, "transposed")
    }
    for factor in [-1, 2, 0.5, -2] where all({ received, expected, _ in self.agrees(received, factor * expected) }) {
      return made(.multiple(factor), "multiple(\(factor))")
    }
    if all({ received, expected, draw in self.agrees(Double(draw.sizes.batch) * received, expected) }) {
      return made(.slip(.meanOverBatch), "mean")
    }
    for other in places where other != place {
      let isOther = zip(evidence, right).allSatisfy { self.agrees($0.received[place], self.expected(other, $1)) }
      if isOther { return made(.anotherBlock, "another", path: [name(of: other).latex]) }
    }
    return nil
  }

  private func agrees(_ received: Matrix?, _ expected: Matrix?) -> Bool {
    guard let received, let expected else { return received == nil && expected == nil }
    guard received.rows == expected.rows, received.columns == expected.columns else { return false }
    return Comparison.difference(expected: expected, received: received).relativeError <= Self.tolerance
  }

  private func expected(_ place: Place, _ blocks: FaultyStep.Blocks) -> Matrix? {
    switch place {
    case .input(let index): blocks.inputs[index]
    case .previous(let index): blocks.previous[index]
    case .parameter(let index): blocks.parameters[index]
    }
  }

  private func name(of place: Place) -> (latex: String, swift: String) {
    switch place {
    case .input(let index):
      let name = cell.quantities.inputs[index].name
      return (name.latex(time: "t"), name.swift)
    case .previous(let index):
      let name = cell.quantities.states[index].name
      return (name.latex(time: "t-1"), "previous.\(name.swift)")
    case .parameter(let index):
      let name = cell.quantities.parameters[index].name
      return (name.latex, name.swift)
    }
  }
}
