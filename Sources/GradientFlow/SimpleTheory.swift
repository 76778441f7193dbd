// The mean-field theory of a simple recurrent network: q, χ, and the gradient's second moment.

import Formula
import Glibc
import Recurrence

/// h_t = φ(U h_{t−1} + W x_t + b) in the limit of many units.
///
/// q_t = σ_w² E[φ(√q_{t−1} z)²] + σ_in² is the variance of a pre-activation (Poole et al. 2016, arXiv 1606.05340, there for
/// the layers of a deep network), χ_t = σ_w² E[φ'(√q_t z)²] the factor by which a step multiplies the gradient's second
/// moment (Schoenholz et al. 2017, arXiv 1611.01232; for recurrent networks Chen, Pennington and Schoenholz 2018, arXiv
/// 1806.05394). The slope of the norm is ½ log₁₀ χ decades a step at the fixed point.
///
/// It holds for independent entries and, with the gain for σ_w, for orthogonal matrices; that weights are shared by all
/// steps changes nothing here, for no path leads back to a unit but through the matrix. The theory counts in means of
/// squares: with few units, or entries as rare as large, a median over networks lies below.
struct SimpleTheory {
  private let curve: Curve
  private let recurrent: Double
  private let input: Double
  private let experiment: Experiment

  /// - Returns: nil where the cell is no simple network, or its matrix is not random.
  init?(_ experiment: Experiment, _ cell: Cell) {
    let nodes = cell.graph.nodes
    guard cell.quantities.states.count == 1, experiment.variant.clip == nil,
      let recurrent = Theory.recurrentVariance(experiment.variant)
    else { return nil }
    var node = cell.graph.results[0]
    while nodes[node].operation == .affine(scale: 1, shift: 0) { node = nodes[node].operands[0] }
    if case .function(let named) = nodes[node].operation {
      guard let named = named.curve else { return nil }
      curve = named
      node = nodes[node].operands[0]
    } else {
      guard let identity = Function.identity.curve else { return nil }
      curve = identity
    }
    let anatomy = CellAnatomy(cell)
    var recurrentTerms = 0
    var input = 0.0
    var names: [Int] = [node]
    while case .affine(scale: 1, shift: 0) = nodes[names[0]].operation { names[0] = nodes[names[0]].operands[0] }
    for term in CellAnatomy.terms(of: names[0], nodes) {
      switch nodes[term.node].operation {
      case .parameter:
        input += Theory.inputVariances(experiment, inputs: 0).bias
      case .product:
        guard let use = anatomy.matrices.joined().first(where: { $0.product == term.node }),
          anatomy.matrices[use.parameter].count == 1
        else { return nil }
        for part in use.parts {
          if part.source == .state {
            recurrentTerms += 1
          } else {
            let count = part.size.value(experiment.sizes(for: cell).letters)
            input += Theory.inputVariances(experiment, inputs: count).input
          }
        }
        let vector = nodes[use.vector]
        let operands = vector.operation == .join ? vector.operands : [use.vector]
        for operand in operands where anatomy.dependsOnState[operand] {
          guard case .previous = nodes[operand].operation else { return nil }
        }
      default: return nil
      }
    }
    guard recurrentTerms == 1 else { return nil }
    self.recurrent = recurrent
    self.input = input
    self.experiment = experiment
  }

  private func value(_ z: Double) -> Double { curve.value(z) }
  private func slope(_ z: Double) -> Double { curve.slope(z, curve.value(z)) }

  /// E[f(√q z)²] for a standard normal z, by the trapezoidal rule, which for such functions converges faster than any
  /// power of the step.
  private func meanSquare(_ f: (Double) -> Double, _ q: Double) -> Double {
    let deviation = q.squareRoot()
    var (sum, total) = (0.0, 0.0)
    for step in -400...400 {
      let z = Double(step) * 0.025 + 0.0125
      let weight = Glibc.exp(-0.5 * z * z)
      let y = f(deviation * z)
      sum += weight * y * y
      total += weight
    }
    return sum / total
  }

  /// The factor of every step 1…T.
  func factors() -> [Double] {
    // Before the first step the state is zero.
    var states = 0.0
    var factors: [Double] = []
    for _ in 0..<experiment.steps {
      let q = recurrent * states + input
      if let last = factors.last, factors.count > 2, abs(last - factors[factors.count - 2]) < 1e-15 * last {
        factors.append(last)
        continue
      }
      factors.append(recurrent * meanSquare(slope, q))
      states = meanSquare(value, q)
    }
    return factors
  }

  /// The second moment of the gradient by h at the steps 0…T.
  func squares() -> [Double] {
    var squares = [Double](repeating: 0, count: experiment.steps + 1)
    squares[experiment.steps] = 1
    let own = experiment.variant.hasLossAtEveryStep ? 1.0 : 0
    let factors = factors()
    for step in stride(from: experiment.steps - 1, through: 0, by: -1) {
      squares[step] = factors[step] * squares[step + 1] + (step > 0 ? own : 0)
    }
    return squares
  }
}
