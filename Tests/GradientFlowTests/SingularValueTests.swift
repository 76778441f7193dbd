// Singular values of one matrix and of long products, against what is known of them.

import CellKit
import Foundation
import LinearAlgebra
import Recurrence
import Testing

@testable import GradientFlow

@Suite struct SingularValueTests {
  /// The golden ratio and its inverse.
  @Test func ofASmallMatrix() {
    let values = Matrix([[1, 1], [0, 1]]).singularValues
    let golden = (1 + 5.0.squareRoot()) / 2
    #expect(abs(values[0] - golden) < 1e-15 && abs(values[1] - 1 / golden) < 1e-15)
    #expect(Matrix.zeros(3, 3).singularValues == [0, 0, 0])
    #expect(Matrix([[.infinity, 0], [0, 1]]).singularValues[0].isNaN)
  }

  @Test func squaresAddUpToTheFrobeniusNorm() {
    var generator = SeededGenerator(seed: 1)
    let matrix = RandomMatrix.gaussian(17, 17, deviation: 1, &generator)
    let values = matrix.singularValues
    let sum = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(sum - matrix.frobeniusNorm) < 1e-13 * sum)
    #expect(values == values.sorted(by: >))
  }

  /// Hilbert's matrix of order 5 and its condition number 476607.25024 (Higham 2002, table 28.1).
  @Test func ofHilbertsMatrix() {
    let matrix = Matrix((1...5).map { row in (1...5).map { 1 / Double(row + $0 - 1) } })
    let values = matrix.singularValues
    #expect(abs(values[0] / values[4] - 476607.25024) < 1e-4)
  }

  /// |det A^k| = |det A|^k is the product of all singular values, the smallest of them 1e-190 of the largest.
  @Test func theProductOfAllIsTheDeterminant() {
    var generator = SeededGenerator(seed: 2)
    let size = 8
    let matrix = RandomMatrix.gaussian(size, size, deviation: 1, &generator)
    let single = matrix.singularValues.reduce(0) { $0 + log($1) }
    var product = GradedProduct(size: size)
    var left = ColumnMatrix(rows: size, columns: size)
    for row in 0..<size { for column in 0..<size { left[row, column] = matrix[row, column] } }
    var basis = ColumnMatrix.identity(size)
    for _ in 0..<300 {
      var next = ColumnMatrix(rows: size, columns: size)
      for row in 0..<size {
        for column in 0..<size { next[row, column] = (0..<size).reduce(0) { $0 + left[row, $1] * basis[$1, column] } }
      }
      basis = product.absorb(next)
    }
    let values = product.singularValues(basis)
    #expect(abs(values.reduce(0) { $0 + log($1) } - 300 * single) < 1e-10 * abs(300 * single))
    #expect(values[7] / values[0] < 1e-100)
  }

  /// A is symmetric with the eigenvalues φ² and φ⁻², so A²⁰⁰ has the singular values φ⁴⁰⁰ and φ⁻⁴⁰⁰.
  @Test("power of a matrix: both singular values to 13 digits, the smaller one 1e-167 of the larger")
  func ofAPower() {
    var product = GradedProduct(size: 2)
    var basis = ColumnMatrix.identity(2)
    for _ in 0..<200 {
      var next = ColumnMatrix(rows: 2, columns: 2)
      for column in 0..<2 {
        next[0, column] = 2 * basis[0, column] + basis[1, column]
        next[1, column] = basis[0, column] + basis[1, column]
      }
      basis = product.absorb(next)
    }
    let values = product.singularValues(basis)
    let golden = (1 + 5.0.squareRoot()) / 2
    #expect(abs(values[0] / pow(golden, 400) - 1) < 1e-13)
    #expect(abs(values[1] / pow(golden, -400) - 1) < 1e-13)
  }

  /// Eigenvalues known from the characteristic polynomial: x² − 2x + 5 has 1 ± 2i, x³ − 6x² + 11x − 6 has 1, 2, 3.
  @Test("spectral radius: complex and real eigenvalues, triangular nilpotent, infinite entries")
  func spectralRadius() {
    #expect(abs(Matrix([[0, -5], [1, 2]]).spectralRadius - 5.0.squareRoot()) < 1e-14)
    #expect(abs(Matrix([[0, 0, 6], [1, 0, -11], [0, 1, 6]]).spectralRadius - 3) < 1e-13)
    #expect(Matrix([[0, 1, 7], [0, 0, 2], [0, 0, 0]]).spectralRadius == 0)
    #expect(Matrix([[.infinity, 0], [0, 1]]).spectralRadius.isNaN)
  }

  /// An orthogonal matrix keeps lengths, whatever the draw.
  @Test("random orthogonal matrix: all singular values are 1")
  func ofAnOrthogonalMatrix() {
    var generator = SeededGenerator(seed: 3)
    let values = RandomMatrix.orthogonal(12, &generator).singularValues
    #expect(values.allSatisfy { abs($0 - 1) < 1e-14 })
  }

  /// U = g Q and φ = identity: every singular value of ∂h_T/∂h_t is g^(T−t).
  @Test(arguments: ["rnn-step", "nndl-6-3"])
  func ofALinearNetwork(_ id: String) async throws {
    let cell = try cell(id)
    let gain = 0.5
    let experiment = Experiment(
      hidden: 6, steps: 40, batch: 2, seeds: 2,
      variant: try Variant("\(id == "rnn-step" ? "orthogonal" : "identity"):\(gain)+linear"))
    var table = FlowTable()
    try await table.add(experiment, on: cell, named: "x", quantities: ["jacobian"], with: ReferenceRunner(threads: 1))
    #expect(
      table.rows.map(\.quantity) == Array(repeating: "sigma_max", count: 41) + Array(repeating: "sigma_min", count: 41))
    let factor = id == "rnn-step" ? gain : 1 + gain
    for row in table.rows { #expect(abs(row.norm.median / pow(factor, Double(row.lag)) - 1) < 1e-12) }
  }

  /// The LSTM's ∂h_T/∂h_t by way of c, against the Jacobian that is built row by row.
  @Test(arguments: ["nndl-6-4", "lstm-step", "nndl-6-5", "peephole-lstm"])
  func agreesWithTheJacobianItself(_ id: String) throws {
    let cell = try cell(id)
    let experiment = Experiment(hidden: 5, steps: 7, batch: 1, seeds: 1, variant: try Variant("gaussian:1.5"))
    let network = experiment.network(of: cell, seed: 5)
    let curves = JacobianFlow(cell, experiment.sizes(for: cell)).curves(network)
    let tape = Tape(cell, sizes: experiment.sizes(for: cell), network)
    let h = cell.quantities.states[0].name
    for step in 1..<7 {
      let jacobian = try #require(tape.jacobian(of: .init(h, at: 7), by: .init(h, at: step)))
      let values = jacobian.singularValues
      #expect(abs(curves.largest[step] / values[0] - 1) < 1e-12)
      #expect(abs(curves.smallest[step] - values[4]) < 1e-13 * values[0])
    }
    #expect(abs(curves.largest[7] - 1) < 1e-14)
  }
}
