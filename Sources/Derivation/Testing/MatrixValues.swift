// What terms need of a matrix and CellKit leaves out; misfits give nil here, where CellKit stops.

import CellKit
import Formula
import Glibc
import LinearAlgebra
import Recurrence

extension MatrixValue {
  static func scalar(_ number: Number) -> Self { Self(rows: 1, columns: 1, elements: [number]) }

  static func allZero(_ rows: Int, _ columns: Int) -> Self { Self(filling: rows, columns, with: .zero) }

  static func identity(_ count: Int) -> Self { diagonal([Number](repeating: .one, count: count)) }

  static func diagonal(_ entries: [Number]) -> Self {
    var all = [Number](repeating: .zero, count: entries.count * entries.count)
    for (index, entry) in entries.enumerated() { all[index * (entries.count + 1)] = entry }
    return Self(rows: entries.count, columns: entries.count, elements: all)
  }

  func scaled(by factor: Number) -> Self { applying { $0 * factor } }

  func applying(_ body: (Number) -> Number) -> Self {
    Self(rows: rows, columns: columns, elements: elements.map(body))
  }

  /// By element; a number, a row or a column spreads over the other operand.
  func combined(_ other: Self, _ body: (Number, Number) -> Number) -> Self? {
    let (a, b) = (elements, other.elements)
    if rows == other.rows, columns == other.columns {
      var all = a
      for index in all.indices { all[index] = body(a[index], b[index]) }
      return Self(rows: rows, columns: columns, elements: all)
    }
    let (height, width) = (max(rows, other.rows), max(columns, other.columns))
    for (own, full) in [(rows, height), (columns, width), (other.rows, height), (other.columns, width)]
    where own != 1 && own != full {
      return nil
    }
    var all: [Number] = []
    all.reserveCapacity(height * width)
    for row in 0..<height {
      for column in 0..<width {
        let x = a[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)]
        let y = b[(other.rows == 1 ? 0 : row) * other.columns + (other.columns == 1 ? 0 : column)]
        all.append(body(x, y))
      }
    }
    return Self(rows: height, columns: width, elements: all)
  }

  func times(_ other: Self) -> Self {
    let (a, b) = (elements, other.elements)
    var all = [Number](repeating: .zero, count: rows * other.columns)
    for row in 0..<rows {
      for inner in 0..<columns {
        let factor = a[row * columns + inner]
        for column in 0..<other.columns {
          let place = row * other.columns + column
          all[place] = all[place] + factor * b[inner * other.columns + column]
        }
      }
    }
    return Self(rows: rows, columns: other.columns, elements: all)
  }

  var flipped: Self {
    if rows == 1 || columns == 1 { return Self(rows: columns, columns: rows, elements: elements) }
    let a = elements
    var all: [Number] = []
    all.reserveCapacity(a.count)
    for column in 0..<columns { for row in 0..<rows { all.append(a[row * columns + column]) } }
    return Self(rows: columns, columns: rows, elements: all)
  }

  static func onTop(_ parts: [Self]) -> Self? {
    guard let first = parts.first, parts.allSatisfy({ $0.columns == first.columns }) else { return nil }
    return Self(rows: parts.reduce(0) { $0 + $1.rows }, columns: first.columns, elements: parts.flatMap(\.elements))
  }

  static func sideBySide(_ parts: [Self]) -> Self? { onTop(parts.map(\.flipped))?.flipped }

  func total(acrossRows: Bool) -> Self {
    let upright = acrossRows ? flipped : self
    let sums = (0..<upright.rows).map { row in
      upright.elements[row * upright.columns..<(row + 1) * upright.columns].reduce(.zero, +)
    }
    return acrossRows
      ? Self(rows: 1, columns: sums.count, elements: sums) : Self(rows: sums.count, columns: 1, elements: sums)
  }
}

extension MatrixValue where Number: TapeNumber, Number.Matrix == Self {
  func softmax(acrossRows: Bool, _ meaning: Number.Meaning) -> Self {
    let upright = acrossRows ? flipped : self
    var all = upright.elements
    let width = upright.columns
    all.withUnsafeMutableBufferPointer { entries in
      guard let base = entries.baseAddress else { return }
      for row in 0..<upright.rows {
        Number.softmax(base, into: base, start: row * width, stride: 1, count: width, meaning)
      }
    }
    let result = Self(rows: upright.rows, columns: width, elements: all)
    return acrossRows ? result.flipped : result
  }
}

extension Matrix {
  /// The largest absolute value; NaN where an entry is.
  var largest: Double { elements.reduce(0) { larger($0, abs($1)) } }

  var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  func scaled(_ factor: Double) -> Matrix { scaled(by: factor) }

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
