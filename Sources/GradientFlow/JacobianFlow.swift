// The singular values of ∂h_T/∂h_t at every t, from one reverse pass.

import CellKit
import LinearAlgebra
import Recurrence

/// Finds ∂h_T/∂h_t for the first sample of a network.
///
/// The network runs with as many copies of the sample as h has components; copy i has the unit vector i for the loss's
/// gradient, so that one reverse pass carries the rows of the whole Jacobian. After each step what is carried is factored
/// into something orthonormal, which goes on, and a graded rest, which is kept (`GradedProduct`).
final class JacobianFlow {
  let cell: Cell
  let sizes: Sizes
  /// The state called h, or the first.
  let state: Int
  /// How many components it has.
  let size: Int
  private let recurrence: Recurrence

  init(_ cell: Cell, _ sizes: Sizes) {
    self.cell = cell
    state = Experiment.observedState(of: cell)
    var single = sizes
    single.letters["N"] = 1
    let (rows, columns) = single.storage(cell.quantities.states[state].shape, cell.layout)
    size = rows * columns
    single.letters["N"] = size
    self.sizes = single
    recurrence = Recurrence(cell, sizes: single)
  }

  /// The network with copies of its first sample.
  func unitCase(_ network: Case) -> Case {
    func copies(_ matrix: Matrix) -> Matrix {
      var result = cell.layout == .columns ? Matrix.zeros(matrix.rows, size) : Matrix.zeros(size, matrix.columns)
      for row in 0..<result.rows {
        for column in 0..<result.columns {
          result[row, column] = cell.layout == .columns ? matrix[row, 0] : matrix[0, column]
        }
      }
      return result
    }
    var unit = Matrix.zeros(size, size)
    for index in 0..<size { unit[index, index] = 1 }
    let upstream = network.upstream.enumerated().map { index, list in
      list.indices.map { $0 == list.count - 1 && index == state ? Optional(unit) : nil }
    }
    return Case(
      parameters: network.parameters, inputs: network.inputs.map { $0.map(copies) },
      initial: network.initial.map(copies), upstream: upstream)
  }

  /// The largest and the smallest singular value at the steps 0…T.
  func curves(_ network: Case) -> (largest: [Double], smallest: [Double]) {
    let unit = unitCase(network)
    let isUpright = cell.layout == .columns
    let extents = cell.quantities.states.map { sizes.storage($0.shape, cell.layout) }
    let heights = extents.map { isUpright ? $0.rows : $0.columns }
    var product = GradedProduct(size: size)
    var largest = [Double](repeating: 0, count: sizes.steps + 1)
    var smallest = largest
    recurrence.forward(unit)
    recurrence.stateGradients(
      unit.upstream,
      changing: { _, carried in
        var stacked = ColumnMatrix(rows: heights.reduce(0, +), columns: self.size)
        var start = 0
        for (matrix, height) in zip(carried, heights) {
          for row in 0..<height {
            for column in 0..<self.size {
              stacked[start + row, column] = isUpright ? matrix[row, column] : matrix[column, row]
            }
          }
          start += height
        }
        guard stacked.entries.allSatisfy(\.isFinite) else { return }
        let q = product.absorb(stacked)
        start = 0
        for index in carried.indices {
          for row in 0..<heights[index] {
            for column in 0..<self.size {
              if isUpright {
                carried[index][row, column] = q[start + row, column]
              } else {
                carried[index][column, row] = q[start + row, column]
              }
            }
          }
          start += heights[index]
        }
      },
      visit: { index, step, entries in
        guard index == self.state else { return }
        var left = ColumnMatrix(rows: self.size, columns: self.size)
        for row in 0..<self.size {
          for column in 0..<self.size {
            left[row, column] = entries[column * self.size + row]
          }
        }
        let values = left.entries.allSatisfy(\.isFinite) ? product.singularValues(left) : [.nan]
        largest[step] = values.first ?? .nan
        smallest[step] = values.last ?? .nan
      })
    return (largest, smallest)
  }
}
