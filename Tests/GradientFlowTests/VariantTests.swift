// The syntax of variants, and what they do to a network.

import CellKit
import Formula
import Foundation
import LinearAlgebra
import Recurrence
import Testing

@testable import GradientFlow

@Suite struct VariantTests {
  @Test func partsAreReadInAnyOrder() throws {
    let variant = try Variant("forget:1+gaussian:1.2+relu+every+clip:2")
    #expect(variant.weights == .gaussian(1.2) && variant.forget == .constant(1) && variant.activation == .relu)
    #expect(variant.hasLossAtEveryStep && variant.clip == 2 && variant.input == 0.5)
    #expect(try Variant("chrono:100").weights == .uniform(1))
    #expect(try Variant("identity").weights == .identity(1))
    #expect(try Variant("uniform+input:0.3").input == 0.3)
    #expect(Variant.uniform.input == nil)
  }

  @Test(arguments: [
    ("gausian:1", "`gausian:1` is no part of a variant"), ("", "`` is no part"), ("gaussian", "lacks its number"),
    ("gaussian:x", "`x` is not a number"), ("gaussian:1+radius:2", "two things"), ("relu:1", "takes no number"),
    ("gaussian:-1", "from 0"), ("chrono:1", "from 2"), ("gaussian:nan", "not a number"), ("uniform+", "`` is no part"),
  ])
  func whatCannotBeReadIsQuoted(_ text: String, _ message: String) {
    #expect {
      _ = try Variant(text)
    } throws: {
      "\($0)".contains(message)
    }
  }

  @Test func anUnknownPartIsAnsweredWithAllKnownOnes() {
    #expect {
      _ = try Variant("xavier")
    } throws: { error in
      ["gaussian:G", "orthogonal[:G]", "forget:B", "chrono:T", "clip:C", "relu"].allSatisfy("\(error)".contains)
    }
  }

  /// Gates are found by what they do: renaming everything changes nothing.
  @Test(arguments: [
    ("nndl-6-4", ["bf"], ["bi"]), ("nndl-6-5", ["bz"], []), ("lstm-step", ["b"], ["b"]), ("nndl-6-2p", ["bf"], ["bi"]),
  ])
  func forgetGatesAreFoundInTheGraph(_ id: String, _ forget: [String], _ input: [String]) throws {
    let cell = try cell(id)
    let anatomy = CellAnatomy(cell)
    func biases(_ gates: [CellAnatomy.Gate]) -> [String] {
      gates.flatMap(anatomy.biases).map { cell.quantities.parameters[$0.parameter].swift }
    }
    #expect(biases(anatomy.forgetGates) == forget)
    #expect(biases(anatomy.inputGates) == input)
  }

  /// Zhou's unit keeps with 1 − f, so that its bias is the negative; PyTorch's GRU has two biases, which add up.
  @Test func theSignAndTheNumberOfBiasesDoNotMatter() throws {
    for id in ["minimal-gated-unit", "pytorch-gru", "nndl-6-5", "nndl-6-4", "lstm-step", "peephole-lstm"] {
      let cell = try cell(id)
      var experiment = Experiment(hidden: 6, steps: 1, batch: 1, seeds: 1)
      experiment.variant = try Variant("gaussian:0+input:0+forget:1.5")
      let recurrence = Recurrence(cell, sizes: experiment.sizes(for: cell))
      var network = experiment.network(of: cell, seed: 1)
      let ones = Matrix(rows: network.initial[0].rows, columns: network.initial[0].columns, repeating: 1)
      let kept = cell.quantities.states.count - 1
      network.upstream = network.upstream.map { $0.map { _ in nil } }
      network.upstream[kept][0] = ones
      recurrence.forward(network)
      let initial = recurrence.backward(network.upstream).initial[kept]
      let expected = 1 / (1 + exp(-1.5))
      for entry in initial.elements { #expect(abs(entry - expected) < 1e-15, "\(id): \(entry)") }
    }
  }

  @Test func inAPackedMatrixOnlyTheForgetPartIsSet() throws {
    let cell = try cell("lstm-step")
    let experiment = Experiment(hidden: 3, steps: 1, batch: 1, seeds: 1, variant: try Variant("gaussian:1+forget:2"))
    let bias = experiment.network(of: cell, seed: 1).parameters[2]
    #expect(bias.elements == [0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0])
  }

  @Test func everyBlockOfAPackedMatrixIsOrthogonal() throws {
    for (id, parameter) in [("lstm-step", 1), ("nndl-6-2p", 0), ("nndl-6-3", 0)] {
      let cell = try cell(id)
      let experiment = Experiment(hidden: 5, steps: 1, batch: 1, seeds: 1, variant: try Variant("orthogonal:2"))
      let matrix = experiment.network(of: cell, seed: 3).parameters[parameter]
      for first in stride(from: 0, to: id == "lstm-step" ? 20 : 5, by: 5) {
        for left in 0..<5 {
          for right in 0..<5 {
            let sum = (0..<5).reduce(0.0) { $0 + matrix[$1, first + left] * matrix[$1, first + right] }
            #expect(abs(sum - (left == right ? 4 : 0)) < 1e-13)
          }
        }
      }
    }
  }

  @Test func theSpectralRadiusIsWhatWasAskedFor() throws {
    var generator = SeededGenerator(seed: 4)
    // A rotation scaled by 3 beside a smaller number: a pair of complex eigenvalues leads.
    let turn = Matrix([[3 * cos(1), -3 * sin(1), 0.3], [3 * sin(1), 3 * cos(1), 5], [0, 0, 2]])
    #expect(abs(turn.spectralRadius - 3) < 1e-12)
    #expect(Matrix([[0, 1], [0, 0]]).spectralRadius == 0)
    let matrix = RandomMatrix.gaussian(20, 20, deviation: 1, &generator)
    let radius = matrix.spectralRadius
    #expect(abs(matrix.T.spectralRadius - radius) < 1e-12 * radius)
  }

  @Test func aVariantThatSaysNothingAboutACellIsRefused() throws {
    let experiment = Experiment(variant: try Variant("forget:1"))
    #expect(throws: Experiment.DoesNotApply.self) { try experiment.cell(for: cell("rnn-step")) }
    #expect(throws: Experiment.DoesNotApply.self) { try experiment.cell(for: cell("nndl-6-3")) }
  }

  @Test func anActivationIsReplacedAndGatesAreKept() throws {
    let changed = try Experiment(variant: Variant("relu")).cell(for: cell("nndl-6-4"))
    let functions = changed.graph.nodes.compactMap { node -> Formula.Function? in
      if case .function(let function) = node.operation { function } else { nil }
    }
    #expect(functions.filter { $0 == .relu }.count == 2 && functions.filter { $0 == .sigmoid }.count == 3)
    #expect(!functions.contains(.tanh))
  }

  /// Variants differ by what they say: inputs and loss of a seed are the same.
  @Test("a matrix that is part of another one, as in W - Wᵀ: is drawn as what it is multiplied with says")
  func matricesWithinMatrices() throws {
    let cell = try cell("antisymmetric-rnn")
    let anatomy = CellAnatomy(cell)
    let names = cell.quantities.parameters.map(\.swift)
    let recurrent = zip(names, anatomy.matrices).filter { $0.1.contains { $0.parts.map(\.source) == [.state] } }.map(
      \.0)
    #expect(recurrent == ["W"])
    #expect(
      zip(names, anatomy.matrices).filter { $0.1.contains { $0.parts.map(\.source) == [.input] } }.map(\.0) == ["V"])
  }

  @Test func variantsShareInputsAndLoss() throws {
    let cell = try cell("nndl-6-4")
    let one = Experiment(hidden: 4, steps: 3).network(of: cell, seed: 9)
    let other = Experiment(hidden: 4, steps: 3, variant: try Variant("orthogonal+chrono:50")).network(of: cell, seed: 9)
    #expect(one.inputs == other.inputs && one.upstream == other.upstream && one.parameters != other.parameters)
  }
}
