// The memory of a planned sequence, and how matrices get into it and out again.

import CellKit
import LinearAlgebra

/// Runs a `SequencePlan`: forward over all steps, and back.
final class SequenceRun {
  let plan: SequencePlan
  let cell: Cell
  /// Values of all steps, adjoints of one step and of what all steps share, adjoints of groups at all steps.
  let values: Entries
  let adjoints: Entries
  let groupAdjoints: Entries

  init?(_ cell: Cell, sizes: Sizes) {
    guard let plan = SequencePlan(cell, sizes: sizes) else { return nil }
    self.plan = plan
    self.cell = cell
    values = Self.memory(plan.layout.size)
    adjoints = Self.memory(plan.layout.adjointSize + plan.layout.sharedSize)
    groupAdjoints = Self.memory(plan.layout.groupAdjointSize)
  }

  deinit {
    values.deallocate()
    adjoints.deallocate()
    groupAdjoints.deallocate()
  }

  static func memory(_ count: Int) -> Entries {
    let entries = Entries.allocate(capacity: max(1, count))
    entries.initialize(repeating: 0, count: max(1, count))
    return entries
  }

  // MARK: Rows

  /// The value of a node at a step; step 0 is what was there before the first.
  func value(_ node: Int, _ step: Int) -> Rows {
    let place = plan.places[node]
    return Rows(start: values + place.start + (step - 1) * plan.rows * place.stride, stride: place.stride)
  }

  /// The derivative of a function at a step; nil where it is not kept.
  func slope(_ node: Int, _ step: Int) -> Rows? {
    plan.layout.slopes[node].map { place in
      Rows(start: values + place.start + (step - 1) * plan.rows * place.stride, stride: place.stride)
    }
  }

  func adjoint(_ node: Int, _ step: Int) -> Rows {
    let place = plan.places[node]
    guard let number = plan.groupOf[node] else {
      return Rows(start: adjoints + plan.layout.adjointStarts[node], stride: place.isShared ? 0 : place.columns)
    }
    let group = plan.groups[number]
    let column = place.start - group.start - plan.rows * group.width
    return Rows(start: adjoints(group, step) + column, stride: group.width)
  }

  /// The adjoints of a group's members at a step, side by side.
  func adjoints(_ group: SequenceGroup, _ step: Int) -> Entries {
    groupAdjoints + group.adjoints + (step - 1) * plan.rows * group.width
  }

  /// The extent of a node's value at a step.
  func extent(_ node: Int) -> Extent { Extent(rows: plan.rows, columns: plan.places[node].columns) }

  // MARK: Between matrices and rows

  /// Copies a matrix of a batch, whichever way it lies, into rows; or adds it.
  func take(_ matrix: Matrix, into rows: Rows, columns: Int, adding: Bool = false) {
    let (rowStep, columnStep) = plan.samplesAreColumns ? (1, plan.rows) : (columns, 1)
    matrix.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for row in 0..<plan.rows {
        let target = rows[row]
        let from = base + row * rowStep
        if adding {
          for column in 0..<columns { target[column] += from[column * columnStep] }
        } else {
          for column in 0..<columns { target[column] = from[column * columnStep] }
        }
      }
    }
  }

  func matrix(_ rows: Rows, columns: Int) -> Matrix {
    let (height, width) = plan.samplesAreColumns ? (columns, plan.rows) : (plan.rows, columns)
    let elements = [Double](unsafeUninitializedCapacity: height * width) { buffer, count in
      for row in 0..<plan.rows {
        let from = rows[row]
        if plan.samplesAreColumns {
          for column in 0..<columns { buffer[column * width + row] = from[column] }
        } else {
          for column in 0..<columns { buffer[row * width + column] = from[column] }
        }
      }
      count = height * width
    }
    return Matrix(rows: height, columns: width, elements: elements)
  }

  // MARK: Products

  /// A matrix in memory as BLAS takes it.
  struct Block {
    let start: Entries
    let stride: Int
    var isTransposed = false
  }

  /// c = op(a) op(b), or added to c; c has `rows` rows and `columns` columns, the sums run over `inner`.
  func product(_ a: Block, _ b: Block, _ c: Block, rows: Int, columns: Int, inner: Int, adding: Bool) {
    BLAS.multiply(
      .init(a.start, stride: a.stride, isTransposed: a.isTransposed),
      .init(b.start, stride: b.stride, isTransposed: b.isTransposed), into: c.start, stride: c.stride, rows: rows,
      columns: columns, inner: inner, adding: adding)
  }
}

extension SequenceRun.Block {
  init(_ rows: Rows, isTransposed: Bool = false) {
    self.init(start: rows.start, stride: rows.stride, isTransposed: isTransposed)
  }
}
