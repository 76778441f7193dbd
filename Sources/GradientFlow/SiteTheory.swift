// The theory of residual and gated cells: one unit in a field that follows from all units.

import Formula
import Glibc
import LinearAlgebra
import Recurrence

/// Dynamical mean-field theory of any cell made of matrix products and element-wise operations.
///
/// In the limit of many units with independent random weights the product U v_t is, at each unit, a gaussian process in time
/// with the covariance σ_w² E[v_t v_t'], and the units are independent. So is, backward, Uᵀδ_t with σ_w² E[δ_t δ_t'].
/// Weights are the same at every step, so that the process has a memory: E[v_t v_t'] is not zero for t ≠ t'. A theory that
/// draws new weights at every step drops it; that is right only where no path leads from a unit to itself but through
/// matrices, and far off for residual and gated cells (an LSTM's slope then is −0.125 where it is −0.046).
/// For h_t = h_{t−1} + s A h_{t−1} it gives E‖·‖² = Σ_j C(k,j)² s^{2j} for k steps.
///
/// Sources: Sompolinsky, Crisanti and Sommers 1988 for the forward equations; Krishnamurthy, Can and Schwab 2022 (Phys. Rev. X
/// 12, 011011, arXiv 2007.14823) for gated networks, forward and for the gradient; the equations are solved by
/// drawing paths of single units (Eissfeller and Opper 1992). The forward and the backward process are taken to be
/// independent, as there.
///
/// It holds for many units, gaussian or uniform weights; for a given spectral radius by the circular law; for an identity
/// matrix exactly, unit by unit; for orthogonal matrices by analogy only, where a measured curve decides. Sampling leaves an
/// error of about 3 %, which the same numbers repeat. A median over networks lies below what
/// this mean of squares says where networks differ much.
struct SiteTheory {
  /// How many units are drawn.
  static let sites = 1024

  let experiment: Experiment
  let cell: Cell
  let anatomy: CellAnatomy
  let nodes: [Node]
  /// How many blocks of units a node has; nil for what the theory does not follow.
  let blocks: [Int?]
  /// Whether a node's value reaches the states.
  let needed: [Bool]
  /// The gain of a recurrent matrix that is a multiple of the identity; nil where matrices are random.
  let identityGain: Double?
  /// The variance of a random matrix's entries, times the number that is summed over.
  let recurrentVariance: Double

  /// - Returns: nil where the cell has an operation that the theory does not know.
  init?(_ experiment: Experiment, _ cell: Cell) {
    self.experiment = experiment
    self.cell = cell
    anatomy = CellAnatomy(cell)
    nodes = cell.graph.nodes
    if case .identity(let gain) = experiment.variant.weights {
      identityGain = gain
      recurrentVariance = 0
    } else {
      identityGain = nil
      recurrentVariance = Theory.recurrentVariance(experiment.variant) ?? 0
    }
    let hidden = Experiment.hiddenLetters(of: cell)
    var units: [String: Int] = [:]
    var others: [String: Int] = [:]
    for letter in cell.declaration.sizes.keys {
      units[letter] = hidden.contains(letter) ? 1 : 0
      others[letter] = hidden.contains(letter) ? 0 : 1
    }
    for letter in hidden { units[letter] = 1 }
    blocks = nodes.map { node in
      switch node.shape.axes {
      case .scalar: return 1
      case .vector(let size): return size.value(others) == 0 ? size.value(units) : nil
      case .matrix: return nil
      }
    }
    needed = anatomy.reachesStates
    for (index, node) in nodes.enumerated() where needed[index] {
      switch node.operation {
      case .parameter, .input, .previous, .constant, .spread, .slice: break
      case _ where node.operation.isByElement: break
      case .join:
        guard isInVectorOfProduct(index) || blocks[index] != nil else { return nil }
      case .product:
        guard let use = use(of: index), anatomy.matrices[use.parameter].count == 1, blocks[index] != nil else {
          return nil
        }
        for (part, operand) in zip(use.parts, operands(of: use)) {
          guard part.source == .input || blocks[operand] != nil else { return nil }
          if identityGain != nil, part.source == .state, blocks[operand] != 1 { return nil }
        }
      default: return nil
      }
      if blocks[index] == nil {
        switch node.operation {
        case .parameter, .input: break
        case .join where isInVectorOfProduct(index): break
        default: return nil
        }
      }
      // Inputs count only where a matrix has mixed them.
      if case .input = node.operation {
        for (consumer, other) in nodes.enumerated() where needed[consumer] && other.operands.contains(index) {
          guard other.operation == .join || use(of: consumer) != nil else { return nil }
        }
      }
    }
  }

  private func use(of product: Int) -> CellAnatomy.MatrixUse? {
    anatomy.matrices.joined().first { $0.product == product }
  }

  /// The nodes that the parts of a product's vector come from.
  func operands(of use: CellAnatomy.MatrixUse) -> [Int] {
    nodes[use.vector].operation == .join ? nodes[use.vector].operands : [use.vector]
  }

  /// Whether a joined vector is used by matrices alone, which see its parts one by one.
  private func isInVectorOfProduct(_ join: Int) -> Bool {
    let uses = nodes.indices.filter { needed[$0] && nodes[$0].operands.contains(join) }
    return !uses.isEmpty && uses.allSatisfy { use(of: $0)?.vector == join }
  }

  /// For each state, the second moment of the gradient at the steps 0…T; nil where it is not finite.
  func squares() -> [[Double]]? {
    _ = BLAS.singleThread
    let run = SiteRun(self)
    run.forward()
    return run.backward()
  }
}
