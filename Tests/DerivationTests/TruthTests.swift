// The numbers that lines are held against, against the recurrence's own gradients and Jacobians.

import CellKit
import Diagnostics
import Formula
import Recurrence
import Testing

@testable import Derivation

@Suite struct TruthTests {
  @Test(arguments: ["nndl-6-3", "nndl-6-4", "nndl-6-5", "nndl-6-2p", "peephole-lstm", "pytorch-gru"])
  func gradientsAndJacobians(_ sheet: String) throws {
    let cell = try CorpusEntry.cell(sheet)
    let context = Context(cell, layout: .mixed)
    let world = World(context, steps: 4, beyond: 0, seed: 3, stream: 1, isLastOnly: false, batch: 1)
    let recurrence = Recurrence(cell, sizes: world.truth.sizes)
    let value = world.value
    recurrence.forward(
      Case(parameters: value.parameters, inputs: value.inputs, initial: value.initial, upstream: []))
    let upstream = cell.quantities.results.map { quantity in
      (1...4).map { step -> Matrix? in
        world.gradient(loss: step, by: .node(cell.graph.named[quantity.name]!), at: step, isImmediate: true)
      }
    }
    let wanted = recurrence.backward(upstream, recordsStates: true)
    for index in cell.quantities.parameters.indices {
      let own = try #require(world.gradient(loss: nil, by: .parameter(index), at: nil, isImmediate: false))
      #expect((own.combined(wanted.parameters[index]) { $0 - $1 }?.largest ?? 1) < 1e-12)
    }
    for (index, quantity) in cell.quantities.states.enumerated() {
      for step in 0...4 {
        let own = try #require(
          world.gradient(loss: nil, by: .node(cell.graph.named[quantity.name]!), at: step, isImmediate: false))
        #expect((own.combined(wanted.states[index][step]) { $0 - $1 }?.largest ?? 1) < 1e-12)
      }
    }
    let state = cell.quantities.states[0].name
    for (name, node) in cell.graph.named {
      for isImmediate in [false, true] {
        let slope = Slope(
          of: .node(node), ofTime: Moment(slot: nil, offset: 3), by: .node(cell.graph.named[state]!),
          byTime: Moment(slot: nil, offset: 2), isImmediate: isImmediate)
        let wanted = world.truth.jacobian(
          of: .init(name, at: 3), by: .init(state, at: 2), isImmediate: isImmediate)
        guard let wanted else { continue }
        let own = try #require(world.jacobian(slope, [4]))
        #expect((own.combined(wanted) { $0 - $1 }?.largest ?? 1) < 1e-12, "\(name.latex)")
      }
    }
  }

  @Test func normsAreRight() {
    let matrix = Matrix([[3, 0], [0, -5]])
    #expect(abs(matrix.norm(.spectral) - 5) < 1e-12)
    #expect(abs(matrix.norm(.radius) - 5) < 1e-9)
    #expect(abs(matrix.norm(.frobenius) - 34.0.squareRoot()) < 1e-12)
    let shear = Matrix([[1, 2], [0, 1]])
    #expect(abs(shear.norm(.spectral) - (1 + 2.0.squareRoot())) < 1e-12)
    #expect(abs(shear.norm(.radius) - 1) < 1e-6)
  }
}
