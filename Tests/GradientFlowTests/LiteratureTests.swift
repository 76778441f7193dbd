// What the literature says of gradient flow, reproduced: each number with its source, ours, and the tolerance.
// docs/gradient-flow.md has them side by side.

import CellKit
import Foundation
import Recurrence
import Testing

@testable import GradientFlow

/// The rows of one series, by lag.
private func curve(
  _ id: String, _ variant: String, hidden: Int, steps: Int, batch: Int = 1, seeds: Int = 5, sizes: [String: Int] = [:],
  quantity: String = "h"
) async throws -> [FlowRow] {
  var table = FlowTable()
  let experiment = Experiment(
    hidden: hidden, steps: steps, batch: batch, seeds: seeds, variant: try Variant(variant), otherSizes: sizes)
  try await table.add(experiment, on: cell(id), named: id, quantities: [quantity], with: ReferenceRunner(threads: 2))
  return table.rows.reversed()
}

/// The slope of a straight line through log₁₀ of a value, by least squares over the lags.
private func slope(_ rows: some Sequence<FlowRow>, _ value: (FlowRow) -> Double) -> Double {
  let points = rows.map { (Double($0.lag), log10(value($0))) }
  let count = Double(points.count)
  let (x, y) = (points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count)
  return points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
}

@Suite struct LiteratureTests {
  /// Slope of the tanh network, ½ log₁₀ χ (Poole et al. 2016; Chen, Pennington and Schoenholz 2018): six gains, gaussian and
  /// orthogonal matrices, tolerance 0.008 decades a step. The first ten steps are left out: they start from h_0 = 0.
  @Test(
    arguments: [
      (0.5, 0.3, -0.340), (0.9, 0.5, -0.1540), (1, 0.5, -0.1183), (1.2, 0.1, 0.0006), (2, 0.3, 0.0614),
      (3, 0.3, 0.1330),
    ], ["gaussian", "orthogonal"])
  func slopeOfTanhNetworks(_ figures: (gain: Double, input: Double, slope: Double), _ weights: String) async throws {
    let rows = try await curve(
      "rnn-step", "\(weights):\(figures.gain)+input:\(figures.input)", hidden: 256, steps: 60, sizes: ["D": 64])
    let inner = rows[1...50]
    #expect(abs(slope(inner) { $0.relative.median } - figures.slope) < 0.008)
    #expect(abs(slope(inner) { $0.predicted ?? .nan } - figures.slope) < 0.001)
  }

  /// torch.nn.RNN, H = 64, D = 16: −0.2716 ± 0.017 decades a step over 20 networks, 10^-27 over 100 steps.
  @Test func slopeOfPyTorchsDefaultNetwork() async throws {
    let rows = try await curve("rnn-step", "uniform", hidden: 64, steps: 100, seeds: 20, sizes: ["D": 16])
    let measured = log10(rows[99].relative.median) / 99
    #expect(abs(measured + 0.2716) < 0.017, "\(measured)")
  }

  /// ‖U^k v‖ grows as the spectral radius to the k (Pascanu, Mikolov and Bengio 2013), not as the norm of U.
  @Test(arguments: [0.9, 1.1])
  func gradientsVanishAndExplodeOnEitherSideOfRadiusOne(_ radius: Double) async throws {
    let rows = try await curve("rnn-step", "radius:\(radius)+linear", hidden: 64, steps: 400, seeds: 5)
    // Lags at which lesser eigenvalues have died out.
    #expect(abs(slope(rows[200...400]) { $0.relative.median } - log10(radius)) < 0.002)
    let change = rows[400].relative.median
    #expect(radius < 1 ? change < 1e-15 : change > 1e13)
  }

  /// Identity and ReLU (Le, Jaitly and Hinton 2015): the Jacobian is diag(1[z > 0]), so that a component of the gradient is
  /// passed on whole as long as its unit stays active, and is 0 from then on.
  @Test func identityAndReLUPassOnWhatStaysActive() throws {
    let source = try cell("rnn-step")
    let experiment = Experiment(
      hidden: 64, steps: 30, batch: 1, seeds: 1, variant: try Variant("identity+relu+input:0.1"))
    let cell = try experiment.cell(for: source)
    var network = experiment.network(of: cell, seed: 1)
    let ones = Matrix(rows: 1, columns: 64, repeating: 1)
    network.upstream[0][29] = ones
    let recurrence = Recurrence(cell, sizes: experiment.sizes(for: cell))
    recurrence.forward(network)
    let h = recurrence.outputs()[0]
    let gradients = recurrence.backward(network.upstream, recordsStates: true).states[0]
    for step in 0..<30 {
      let active = (0..<64).filter { unit in (step..<30).allSatisfy { h[$0][0, unit] > 0 } }.count
      #expect(gradients[step].frobeniusNorm / 8 == (Double(active) / 64).squareRoot())
    }
  }

  /// Orthogonal and linear (Saxe, McClelland and Ganguli 2014): the norm is kept; 1 ± 3e-14 over 1000 steps.
  @Test func orthogonalLinearNetworksKeepTheNorm() async throws {
    let rows = try await curve("rnn-step", "orthogonal+linear", hidden: 16, steps: 1000, seeds: 2)
    for row in rows { #expect(abs(row.relative.median - 1) < 3e-14) }
  }

  /// With W = U = 0 the forget gate is σ(b_f), and ∂L/∂c falls by exactly that at every step.
  @Test(arguments: [(0.0, 7.888609e-31), (1, 2.484379e-14), (2, 3.073797e-06), (3, 7.764e-03), (5, 0.5111)])
  func forgetGatesAlone(_ bias: Double, _ after100: Double) async throws {
    let rows = try await curve(
      "nndl-6-4", "gaussian:0+input:0+forget:\(bias)", hidden: 4, steps: 100, seeds: 2, quantity: "c")
    let gate = 1 / (1 + exp(-bias))
    for row in rows {
      #expect(abs(row.relative.median / pow(gate, Double(row.lag)) - 1) < 1e-13)
      #expect(abs(try #require(row.predicted) / row.relative.median - 1) < 1e-12)
    }
    #expect(abs(rows[100].relative.median / after100 - 1) < 1e-3)
  }

  /// PyTorch's default weights, H = 64, N = 16, D = 16, T = 100: log₁₀ ‖∂L/∂c_1‖/‖∂L/∂c_T‖ with b_f = 0, 1 and chrono(100)
  /// (Jozefowicz et al. 2015; Tallec and Ollivier 2018). With b_f = 0 the product of the forget gates alone, 99 log₁₀ ½ = −29.8,
  /// is nine decades below: the gradient comes by way of h (Arpit et al. 2018).
  @Test(arguments: [
    ("forget:0", "c", -20.60), ("forget:1", "c", -7.38), ("chrono:100", "c", -0.705), ("forget:0", "h", -21.28),
    ("forget:1", "h", -8.20), ("chrono:100", "h", -3.08),
  ])
  func forgetBiases(_ variant: String, _ quantity: String, _ figure: Double) async throws {
    let rows = try await curve(
      "nndl-6-4", variant, hidden: 64, steps: 100, batch: 16, seeds: 8, sizes: ["D": 16], quantity: quantity)
    let measured = log10(rows[99].relative.median)
    // A median over networks: one of 20 varies by about 1 % from one set of seeds to the next.
    #expect(abs(measured / figure - 1) < 0.03, "\(measured)")
    #expect(abs(log10(try #require(rows[99].predicted)) / figure - 1) < 0.03)
  }

  @Test func theProductOfForgetGatesIsNotTheGradient() async throws {
    let rows = try await curve(
      "nndl-6-4", "forget:0", hidden: 64, steps: 100, seeds: 4, sizes: ["D": 16], quantity: "c")
    let gates = 99 * log10(0.5)
    #expect(abs(log10(rows[99].relative.median) - gates - 9.2) < 0.8)
  }

  /// Chrono (Tallec and Ollivier 2018): the mean of f^t over units after T_max steps is ∫ (u/(1+u))^T du, .1496 for 100 steps,
  /// .1485 in the limit; after T/2 .3302, after T/10 .7326.
  @Test(arguments: [(100, 0.1496), (50, 0.3302), (10, 0.7326)])
  func chronoRetention(_ steps: Int, _ figure: Double) throws {
    let cell = try cell("nndl-6-4")
    let experiment = Experiment(
      hidden: 2048, steps: steps, batch: 1, seeds: 1, variant: try Variant("gaussian:0+input:0+chrono:100"),
      otherSizes: ["D": 1])
    let parameters = NetworkDraw(experiment, cell)
    // The biases alone are drawn: 2048 units' matrices are zeros.
    var retention: [Double] = []
    for seed in 1...8 {
      let bias = parameters.forgetBiases(seed: UInt64(seed))
      retention += bias.map { pow(1 / (1 + exp(-$0)), Double(steps)) }
    }
    let mean = retention.reduce(0, +) / Double(retention.count)
    let deviation = (retention.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot() / Double(retention.count)
    #expect(abs(mean - figure) < 3 * deviation + 5e-5, "\(mean) ± \(deviation)")
  }

  /// The same from a run: the square of the norm after 50 of 100 steps is the mean of f^100; theory's is the limit of many
  /// units.
  @Test func chronoRetentionInARun() async throws {
    let rows = try await curve(
      "nndl-6-4", "gaussian:0+input:0+chrono:100", hidden: 64, steps: 50, seeds: 16, quantity: "c")
    let predicted = try #require(rows[50].predicted)
    #expect(abs(predicted * predicted - 0.1496) < 0.001)
    #expect(abs(rows[50].relative.median - predicted) < 0.02)
  }

  /// E₂(1) = .1485, the limit of long memories.
  @Test func chronoRetentionOfALongMemory() throws {
    let cell = try cell("nndl-6-4")
    let draw = NetworkDraw(
      Experiment(hidden: 1024, steps: 1, batch: 1, seeds: 1, variant: try Variant("chrono:100000")), cell)
    let kept = (1...16).flatMap { draw.forgetBiases(seed: UInt64($0)) }.map { exp(-1e5 * log1p(exp(-$0))) }
    let mean = kept.reduce(0, +) / Double(kept.count)
    #expect(abs(mean - 0.1485) < 0.004, "\(mean)")
  }

  /// Growth of the residual network (NNDL 6.50) over 59 steps in decades, tanh at four gains and the logistic function, 10 %.
  /// What new weights at every step would give (.008, .07, .25, .50) is far off.
  @Test(arguments: [
    ("gaussian:0.03", 0.319, 0.326), ("gaussian:0.1", 1.254, 1.296), ("gaussian:0.3", 2.04, 2.13),
    ("gaussian:0.577", 2.55, 2.70), ("logistic+gaussian:1", 1.16, 1.22),
  ])
  func residualGrowth(_ variant: String, _ figure: Double, _ tied: Double) async throws {
    let rows = try await curve("nndl-6-3", variant, hidden: 300, steps: 60, seeds: 9, sizes: ["D": 64])
    #expect(abs(log10(rows[59].relative.median) / figure - 1) < 0.1, "\(log10(rows[59].relative.median))")
    #expect(abs(log10(try #require(rows[59].predicted)) / tied - 1) < 0.06)
  }

  /// (I + s A)^k with gaussian A: E‖·‖² = Σ_j C(k,j)² s^{2j}; +1.253 decades for s = .1, k = 40.
  @Test func residualGrowthOfALinearNetwork() async throws {
    let rows = try await curve("nndl-6-3", "linear+gaussian:0.1", hidden: 256, steps: 40, seeds: 9)
    var (sum, term) = (1.0, 1.0)
    for j in 1...40 {
      term *= Double(41 - j) / Double(j)
      sum += term * term * pow(0.1, 2 * Double(j))
    }
    #expect(abs(log10(sum) / 2 - 1.253) < 0.001)
    #expect(abs(log10(rows[40].relative.median) - 1.253) < 0.1)
    let predicted = log10(try #require(rows[40].predicted))
    #expect(abs(predicted - 1.253) < 0.005, "\(predicted)")
  }

  /// The remedies: clipped, the gradient is as long as it may be; gated, it does not grow.
  @Test func clippingAndGatingEndTheGrowth() async throws {
    let free = try await curve("nndl-6-3", "gaussian:1", hidden: 64, steps: 60)
    let clipped = try await curve("nndl-6-3", "gaussian:1+clip:3", hidden: 64, steps: 60)
    let gated = try await curve("nndl-6-5", "gaussian:1+forget:1", hidden: 64, steps: 60)
    #expect(free[60].relative.median > 100)
    #expect(clipped.allSatisfy { $0.relative.upper < 3 * (1 + 1e-12) })
    #expect(abs(clipped[60].relative.median - 3) < 1e-12)
    #expect(gated.allSatisfy { $0.relative.upper < 1.2 } && gated[60].relative.median > 1e-8)
  }

  /// An LSTM is not safe from explosion: σ_w = 2 and b_f = 1 grow by .009 decades a step, σ_w = 1 and b_f = 1 lose .046.
  @Test func anLSTMCanExplode() async throws {
    let tame = try await curve(
      "nndl-6-4", "gaussian:1+forget:1", hidden: 200, steps: 60, sizes: ["D": 64], quantity: "c")
    let wild = try await curve(
      "nndl-6-4", "gaussian:2+forget:1", hidden: 200, steps: 60, sizes: ["D": 64], quantity: "c")
    #expect(abs(slope(tame[1...50]) { $0.relative.median } + 0.0462) < 0.01)
    #expect(abs(slope(wild[1...50]) { $0.relative.median } - 0.009) < 0.01)
    #expect(wild[59].relative.median > 1)
    // Theory with weights shared over time; new weights at every step would give −.125.
    #expect(abs(slope(tame[1...50]) { $0.predicted ?? .nan } + 0.0462) < 0.01)
  }

  /// GRU, σ_w = 1, b_z = 0: −.1522 measured, −.1555 by the recursion for shared weights, −.251 for new ones.
  @Test func slopeOfAGRU() async throws {
    let rows = try await curve("nndl-6-5", "gaussian:1+forget:0", hidden: 200, steps: 60, sizes: ["D": 64])
    #expect(abs(slope(rows[1...50]) { $0.relative.median } + 0.1522) < 0.01)
    #expect(abs(slope(rows[1...50]) { $0.predicted ?? .nan } + 0.1555) < 0.01)
  }

  /// ReLU: χ = σ_w²/2 at any input (He et al. 2015).
  @Test func slopeOfAReLUNetwork() async throws {
    let rows = try await curve("rnn-step", "relu+gaussian:1", hidden: 256, steps: 60, sizes: ["D": 64])
    #expect(abs(slope(rows[1...50]) { $0.relative.median } - 0.5 * log10(0.5)) < 0.008)
  }

  /// Identity and ReLU again: a unit that starts at zero stays active as its inputs' sum stays positive; the theory draws
  /// just that.
  @Test func theoryOfIdentityAndReLU() async throws {
    let rows = try await curve(
      "rnn-step", "identity+relu", hidden: 64, steps: 50, batch: 16, seeds: 4, sizes: ["D": 64])
    for row in rows { #expect(abs(row.relative.median - (row.predicted ?? .nan)) < 0.05) }
  }
}
