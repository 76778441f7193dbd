// The learner's forward, differentiated by calling it: differences of the fourth order along one direction a block.

import CellKit
package import Diagnosis
import Faults
package import Recurrence
package import SubmissionHost

/// What is to be asked of a forward pass that no known mistake explains, and what the answers say of the backward pass.
package struct DifferenceTest: Sendable {
  /// The width of a difference. Its own error is of the order of width⁴, that of rounding of 1e-16 / width.
  private static let width = 1e-3
  /// How far a slope along a direction may be off, relative to what the gradient could give along it.
  private static let slopeTolerance = 1e-7
  /// How far an output may be from the right one to count as an attempt at it.
  private static let nearness = 0.5

  private let cell: Cell
  private let evidence: [Evidence]
  private let open: Set<BlockAddress>
  private let lines: [Line]

  /// A test of some blocks of one backward step.
  ///
  /// - Parameters:
  ///   - evidence: what one step answered, forward and back.
  ///   - open: the blocks in question.
  /// - Returns: nil where an output is no attempt at the right one.
  package init?(_ cell: Cell, _ evidence: [Evidence], _ open: Set<BlockAddress>) {
    let evidence = Diagnostician.chosen(evidence)
    let isNear = evidence.allSatisfy { one in
      let right = one.draw.right
      return cell.outputPlaces.allSatisfy { Matcher.error(one.received[$0], right[$0]) <= Self.nearness }
    }
    guard isNear else { return nil }
    var lines: [Line] = []
    for (index, one) in evidence.enumerated() {
      // Whether every block has its effect is asked once.
      for block in cell.gradientPlaces where index == 0 || open.contains(block) {
        var generator = SeededGenerator(seed: UInt64(index), stream: UInt64(lines.count))
        guard let right = one.draw.right[block]?.first else { continue }
        let direction = right.map { _ in generator.normal() }
        lines.append(Line(draw: index, block: block, direction: direction))
      }
    }
    (self.cell, self.evidence, self.open, self.lines) = (cell, evidence, open, lines)
  }

  /// The forward steps to be asked for.
  package var cases: [Case] { lines.flatMap { line in Line.steps.map { moved(line, $0) } } }

  /// The blocks whose gradient fits the learner's own forward on every draw that is looked at.
  ///
  /// - Parameter outcomes: what became of the forward steps.
  package func fitting(_ outcomes: [CallOutcome]) -> Set<BlockAddress> {
    var fitting = open
    for (index, line) in lines.enumerated() {
      let one = evidence[line.draw]
      let answers = outcomes[index * Line.steps.count..<(index + 1) * Line.steps.count]
      let own = answers.compactMap { loss($0, one.draw) }
      guard own.count == Line.steps.count, let centre = loss(one.received, one.draw) else { return [] }
      let right = Line.steps.map { rightLoss(one.draw, moved(line, $0)) }
      let shape = (
        own: Line.shape(own, centre, Self.width),
        right: Line.shape(right, loss(one.draw.right, one.draw) ?? .nan, Self.width)
      )
      // No effect, or a straight line where the sheet's equations bend: there was less to do.
      if shape.right.slope != 0, abs(shape.own.slope) < 1e-6 * abs(shape.right.slope) { return [] }
      if abs(shape.right.bend) > 1e-4, abs(shape.own.bend) < 1e-3 * abs(shape.right.bend) { return [] }
      guard open.contains(line.block) else { continue }
      guard let gradient = one.received[line.block]?.first,
        gradient.elements.count == line.direction.elements.count
      else {
        fitting.remove(line.block)
        continue
      }
      let claimed = zip(gradient.elements, line.direction.elements).reduce(0) { $0 + $1.0 * $1.1 }
      let scale = zip(gradient.elements, line.direction.elements).reduce(0) { $0 + abs($1.0 * $1.1) }
      let error = abs(claimed - shape.own.slope)
      // A NaN fits nothing.
      if !(scale > 0 && error <= Self.slopeTolerance * Swift.max(scale, abs(centre))) { fitting.remove(line.block) }
    }
    return fitting
  }

  /// A line through a draw along which one block moves.
  private struct Line {
    let draw: Int
    let block: BlockAddress
    let direction: Matrix

    static let steps = [-2.0, -1, 1, 2]

    /// Slope and bend at the centre of four values around it.
    static func shape(_ values: [Double], _ centre: Double, _ width: Double) -> (slope: Double, bend: Double) {
      (
        (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * width),
        (values[1] - 2 * centre + values[2]) / (width * width)
      )
    }
  }

  private func moved(_ line: Line, _ step: Double) -> Case {
    evidence[line.draw].draw.value.moved(line.block, Self.width * step, line.direction)
  }

  /// The draw's loss: its upstreams times the outputs.
  private func loss(_ outputs: Matrices, _ draw: Draw) -> Double? {
    var sum = 0.0
    for index in cell.quantities.results.indices {
      guard let upstream = draw.value.upstream[index][0] else { continue }
      guard let output = outputs[.output(index)]?.first, output.elements.count == upstream.elements.count else {
        return nil
      }
      sum += zip(upstream.elements, output.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return sum
  }

  private func loss(_ outcome: CallOutcome, _ draw: Draw) -> Double? {
    guard case .answered(let answer) = outcome else { return nil }
    var outputs: Matrices = [:]
    for (index, quantity) in cell.quantities.results.enumerated() {
      guard case .matrix(let matrix)? = answer.outputs.first?[quantity.swift] else { return nil }
      outputs[.output(index)] = [matrix]
    }
    return loss(outputs, draw)
  }

  private func rightLoss(_ draw: Draw, _ moved: Case) -> Double {
    loss(FaultyRun(cell, sizes: draw.sizes, moved).outputBlocks, draw) ?? .nan
  }
}

extension Case {
  /// The case with one block moved along a direction, at the first step.
  fileprivate func moved(_ block: BlockAddress, _ factor: Double, _ direction: Matrix) -> Case {
    var moved = self
    switch block {
    case .output: break
    case .input(let index): moved.inputs[index][0] += factor * direction
    case .previous(let index): moved.initial[index] += factor * direction
    case .parameter(let index): moved.parameters[index] += factor * direction
    }
    return moved
  }
}
