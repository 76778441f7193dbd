// The parameters of one network, drawn by their roles.

import CellKit
import Diagnostics
import Glibc
import LinearAlgebra
import Recurrence

/// Draws parameters for an experiment's networks.
struct NetworkDraw {
  private let experiment: Experiment
  private let cell: Cell
  private let anatomy: CellAnatomy
  private let sizes: Sizes

  init(_ experiment: Experiment, _ cell: Cell) {
    self.experiment = experiment
    self.cell = cell
    anatomy = CellAnatomy(cell)
    sizes = experiment.sizes(for: cell)
  }

  private var variant: Variant { experiment.variant }

  /// Why the variant cannot draw this cell's parameters; nil where it can.
  var misfit: Message? {
    switch variant.weights {
    case .uniform, .gaussian: return nil
    case .orthogonal, .identity, .radius: break
    }
    for (index, uses) in anatomy.matrices.enumerated() {
      guard let use = uses.first else { continue }
      for part in use.parts where part.source == .state {
        let inner = part.size.value(sizes.letters)
        if outerSize(use) % inner != 0 {
          let name = cell.quantities.parameters[index].swift
          return "`\(name)` cannot be made of square blocks (\(outerSize(use)) by \(inner))"
        }
      }
    }
    return nil
  }

  private func outerSize(_ use: CellAnatomy.MatrixUse) -> Int {
    let (rows, columns) = sizes.storage(cell.quantities.parameters[use.parameter].shape, cell.layout)
    return use.sumsOverColumns ? rows : columns
  }

  /// The parameters of one seed.
  func parameters(seed: UInt64) -> [Matrix] {
    var generator = SeededGenerator(seed: seed, stream: 1)
    var parameters = cell.quantities.parameters.indices.map { parameter($0, &generator) }
    if let forget = variant.forget { set(forget, in: &parameters, seed: seed) }
    return parameters
  }

  private func parameter(_ index: Int, _ generator: inout SeededGenerator) -> Matrix {
    let (rows, columns) = sizes.storage(cell.quantities.parameters[index].shape, cell.layout)
    func uniform(_ scale: Double) -> Matrix {
      let bound = scale / Double(experiment.hidden).squareRoot()
      return Matrix(
        rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in bound * (2 * generator.uniform() - 1) })
    }
    if case .uniform(let scale) = variant.weights, variant.input == nil { return uniform(scale) }
    guard let use = anatomy.matrices[index].first else {
      // A vector: a peephole is a matrix with one entry a row, anything else is a bias.
      guard anatomy.multipliesState[index] else { return .zeros(rows, columns) }
      let deviation = recurrentDeviation(inner: experiment.hidden)
      return RandomMatrix.gaussian(rows, columns, deviation: deviation, &generator)
    }
    var result = Matrix.zeros(rows, columns)
    var start = 0
    for part in use.parts {
      let inner = part.size.value(sizes.letters)
      let outer = outerSize(use)
      for first in stride(from: 0, to: outer, by: inner) {
        let count = min(inner, outer - first)
        let block = block(count, inner, part.source, &generator)
        for row in 0..<count {
          for column in 0..<inner {
            if use.sumsOverColumns {
              result[first + row, start + column] = block[row, column]
            } else {
              result[start + column, first + row] = block[row, column]
            }
          }
        }
      }
      start += inner
    }
    return result
  }

  /// Rows that are sums over `inner` values.
  private func block(
    _ rows: Int, _ inner: Int, _ source: CellAnatomy.Source, _ generator: inout SeededGenerator
  ) -> Matrix {
    switch (source, variant.weights) {
    case (.input, _):
      let deviation = (variant.input ?? 0) / Double(inner).squareRoot()
      return RandomMatrix.gaussian(rows, inner, deviation: deviation, &generator)
    case (.readout, _):
      return RandomMatrix.gaussian(rows, inner, deviation: 1 / Double(inner).squareRoot(), &generator)
    case (.state, .uniform(let scale)):
      let bound = scale / Double(experiment.hidden).squareRoot()
      return Matrix(
        rows: rows, columns: inner, elements: (0..<rows * inner).map { _ in bound * (2 * generator.uniform() - 1) })
    case (.state, .gaussian):
      return RandomMatrix.gaussian(rows, inner, deviation: recurrentDeviation(inner: inner), &generator)
    case (.state, .orthogonal(let gain)):
      return scaled(RandomMatrix.orthogonal(inner, &generator), gain)
    case (.state, .identity(let gain)):
      var matrix = Matrix.zeros(inner, inner)
      for index in 0..<inner { matrix[index, index] = gain }
      return matrix
    case (.state, .radius(let radius)):
      let matrix = RandomMatrix.gaussian(inner, inner, deviation: 1 / Double(inner).squareRoot(), &generator)
      return scaled(matrix, radius / matrix.spectralRadius)
    }
  }

  private func recurrentDeviation(inner: Int) -> Double {
    switch variant.weights {
    case .gaussian(let gain), .orthogonal(let gain), .identity(let gain), .radius(let gain):
      return gain / Double(inner).squareRoot()
    case .uniform(let scale): return scale / (3 * Double(inner)).squareRoot()
    }
  }

  private func scaled(_ matrix: Matrix, _ factor: Double) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { factor * $0 })
  }

  // MARK: Forget gates

  /// Writes the biases: the pre-activation of each gate that keeps a state gets what was asked for as its whole bias.
  private func set(_ forget: Variant.Forget, in parameters: inout [Matrix], seed: UInt64) {
    let biases = forgetBiases(seed: seed)
    for gate in anatomy.forgetGates { write(biases, to: gate, in: &parameters) }
    guard case .chrono = forget else { return }
    for gate in anatomy.inputGates { write(biases.map(-), to: gate, in: &parameters) }
  }

  /// The pre-activation that each unit's gate gets by its bias.
  func forgetBiases(seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed, stream: 4)
    return (0..<experiment.hidden).map { _ in
      switch variant.forget {
      case .constant(let bias): bias
      case .chrono(let longest): Glibc.log(1 + (longest - 2) * generator.uniform())
      case nil: 0
      }
    }
  }

  private func write(_ biases: [Double], to gate: CellAnatomy.Gate, in parameters: inout [Matrix]) {
    for (position, part) in anatomy.biases(of: gate).enumerated() {
      let matrix = parameters[part.parameter]
      let size = matrix.elements.count / part.count
      // A gate with two biases, as PyTorch's, gets all of it by the first.
      var elements = matrix.elements
      for index in 0..<size {
        let bias = position == 0 ? biases[index % biases.count] * part.sign * (gate.isDirect ? 1 : -1) : 0
        elements[part.index * size + index] = bias
      }
      parameters[part.parameter] = Matrix(rows: matrix.rows, columns: matrix.columns, elements: elements)
    }
  }
}
