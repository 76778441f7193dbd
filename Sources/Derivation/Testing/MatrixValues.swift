// What terms need of a matrix and CellKit leaves out; misfits give nil here, where CellKit stops.

import CellKit
import Formula
import Glibc
import LinearAlgebra
import Recurrence

extension Matrix {
  static func scalar(_ number: Double) -> Matrix { Matrix(rows: 1, columns: 1, elements: [number]) }

  static func identity(_ count: Int) -> Matrix { diagonal([Double](repeating: 1, count: count)) }

  static func diagonal(_ entries: [Double]) -> Matrix {
    var all = [Double](repeating: 0, count: entries.count * entries.count)
    for (index, entry) in entries.enumerated() { all[index * (entries.count + 1)] = entry }
    return Matrix(rows: entries.count, columns: entries.count, elements: all)
  }

  /// The largest absolute value; NaN where an entry is.
  var largest: Double { elements.reduce(0) { larger($0, abs($1)) } }

  var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  func scaled(_ factor: Double) -> Matrix { applying { $0 * factor } }

  func applying(_ body: (Double) -> Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map(body))
  }

  /// By element; a number, a row or a column spreads over the other operand.
  func combined(_ other: Matrix, _ body: (Double, Double) -> Double) -> Matrix? {
    let (a, b) = (elements, other.elements)
    if rows == other.rows, columns == other.columns {
      var all = a
      for index in all.indices { all[index] = body(a[index], b[index]) }
      return Matrix(rows: rows, columns: columns, elements: all)
    }
    let (height, width) = (max(rows, other.rows), max(columns, other.columns))
    for (own, full) in [(rows, height), (columns, width), (other.rows, height), (other.columns, width)]
    where own != 1 && own != full {
      return nil
    }
    var all: [Double] = []
    all.reserveCapacity(height * width)
    for row in 0..<height {
      for column in 0..<width {
        let x = a[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)]
        let y = b[(other.rows == 1 ? 0 : row) * other.columns + (other.columns == 1 ? 0 : column)]
        all.append(body(x, y))
      }
    }
    return Matrix(rows: height, columns: width, elements: all)
  }

  func times(_ other: Matrix) -> Matrix {
    let (a, b) = (elements, other.elements)
    var all = [Double](repeating: 0, count: rows * other.columns)
    for row in 0..<rows {
      for inner in 0..<columns {
        let factor = a[row * columns + inner]
        for column in 0..<other.columns {
          all[row * other.columns + column] += factor * b[inner * other.columns + column]
        }
      }
    }
    return Matrix(rows: rows, columns: other.columns, elements: all)
  }

  var flipped: Matrix {
    if rows == 1 || columns == 1 { return Matrix(rows: columns, columns: rows, elements: elements) }
    let a = elements
    var all: [Double] = []
    all.reserveCapacity(a.count)
    for column in 0..<columns { for row in 0..<rows { all.append(a[row * columns + column]) } }
    return Matrix(rows: columns, columns: rows, elements: all)
  }

  static func onTop(_ parts: [Matrix]) -> Matrix? {
    guard let first = parts.first, parts.allSatisfy({ $0.columns == first.columns }) else { return nil }
    return Matrix(rows: parts.reduce(0) { $0 + $1.rows }, columns: first.columns, elements: parts.flatMap(\.elements))
  }

  static func sideBySide(_ parts: [Matrix]) -> Matrix? { onTop(parts.map(\.flipped))?.flipped }

  func softmax(acrossRows: Bool) -> Matrix {
    let upright = acrossRows ? flipped : self
    var all: [Double] = []
    for row in 0..<upright.rows {
      let entries = upright.elements[row * upright.columns..<(row + 1) * upright.columns]
      let top = entries.max() ?? 0
      let powers = entries.map { Glibc.exp($0 - top) }
      let sum = powers.reduce(0, +)
      all += powers.map { $0 / sum }
    }
    let result = Matrix(rows: upright.rows, columns: upright.columns, elements: all)
    return acrossRows ? result.flipped : result
  }

  func total(acrossRows: Bool) -> Matrix {
    let upright = acrossRows ? flipped : self
    let sums = (0..<upright.rows).map { row in
      upright.elements[row * upright.columns..<(row + 1) * upright.columns].reduce(0, +)
    }
    return acrossRows
      ? Matrix(rows: 1, columns: sums.count, elements: sums) : Matrix(rows: sums.count, columns: 1, elements: sums)
  }

  func norm(_ norm: Norm) -> Double {
    switch norm {
    case .frobenius: return frobeniusNorm
    case .spectral:
      if rows == 1 || columns == 1 { return frobeniusNorm }
      return singularValues.first ?? 0
    case .radius: return spectralRadius
    }
  }
}

extension Function {
  /// The function, or its first or second derivative, of one number; nil where there is none.
  func body(derivative: Int) -> ((Double) -> Double)? {
    if case .stop = self { return derivative == 0 ? { $0 } : nil }
    guard let curve else { return nil }
    switch derivative {
    case 0: return curve.value
    case 1: return { curve.slope($0, curve.value($0)) }
    case 2: return curve.curvature
    default: return nil
    }
  }
}

extension Term {
  /// Whether it has a kink, on both sides of which it must be seen.
  var isKinked: Bool {
    switch operation {
    case .maximum, .minimum: true
    case .function(let function, _): function.curve?.isKinked == true
    default: false
    }
  }
}
