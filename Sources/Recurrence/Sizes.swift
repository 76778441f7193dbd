// Numbers for the letters of a cell, given or worked out from the shapes of matrices.

import CellKit

/// The size of every axis of one run: a number for each letter, `N` among them, and the number of steps.
public struct Sizes: Sendable, Hashable {
  /// The number of each letter.
  public var letters: [String: Int]
  /// The number of steps T.
  public var steps: Int

  /// Sizes by letter, and the number of steps.
  public init(_ letters: [String: Int], steps: Int) {
    self.letters = letters
    self.steps = steps
  }

  /// The number of samples N.
  public var batch: Int { letters["N"] ?? 1 }

  /// Rows and columns of a value.
  public func storage(_ shape: Shape, _ layout: Layout) -> (rows: Int, columns: Int) {
    let (rows, columns) = shape.storage(layout)
    return (rows.value(letters), columns.value(letters))
  }
}

/// A matrix or a list that does not fit a cell: which, and why.
public struct CaseError: Error, Sendable, CustomStringConvertible {
  /// Where in the case, such as `inputs.x[2]`.
  public let path: String
  /// What is wrong and what would fit.
  public let message: String

  /// What is wrong, and where.
  public init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  /// Place and reason in one line.
  public var description: String { "\(path): \(message)" }
}

extension Cell {
  /// The sizes that a case's matrices imply, after every shape has been found to fit.
  ///
  /// - Throws: a `CaseError` that names the first matrix that does not fit.
  public func sizes(of value: Case) throws(CaseError) -> Sizes {
    try checkCounts(value)
    var known: [String: Int] = [:]
    let all = matrices(of: value)
    // Letters that stand alone come first; 4H or H+D may need what others give.
    var changed = true
    while changed {
      changed = false
      for item in all {
        let (rows, columns) = item.shape.storage(layout)
        for (dimension, count) in [(rows, item.matrix.rows), (columns, item.matrix.columns)] {
          let open = dimension.terms.filter { known[$0.key] == nil }
          guard open.count == 1, let (letter, factor) = open.first else { continue }
          let rest = count - dimension.value(known)
          guard rest > 0, rest % factor == 0 else {
            throw CaseError(item.path, "its size \(count) cannot be \(dimension)")
          }
          known[letter] = rest / factor
          changed = true
        }
      }
    }
    for (letter, size) in declaration.sizes where known[letter] == nil { known[letter] = size }
    known["N"] = known["N"] ?? 1
    let sizes = Sizes(known, steps: value.steps)
    for item in all {
      let (rows, columns) = sizes.storage(item.shape, layout)
      guard item.matrix.rows == rows, item.matrix.columns == columns else {
        let (rowText, columnText) = item.shape.storage(layout)
        throw CaseError(
          item.path,
          "is \(item.matrix.rows)×\(item.matrix.columns), but \(rowText)×\(columnText) is \(rows)×\(columns) here")
      }
    }
    return sizes
  }

  private func checkCounts(_ value: Case) throws(CaseError) {
    let steps = value.steps
    guard steps >= 1 else { throw CaseError("inputs", "there are no steps; give at least one") }
    for (quantity, list) in zip(quantities.inputs, value.inputs) where list.count != steps {
      throw CaseError("inputs.\(quantity.swift)", "has \(list.count) steps where another input has \(steps)")
    }
    for (quantity, list) in zip(quantities.results, value.upstream) where list.count != steps {
      throw CaseError("upstream.\(quantity.swift)", "has \(list.count) steps where the inputs have \(steps)")
    }
  }

  private func matrices(of value: Case) -> [(path: String, shape: Shape, matrix: Matrix)] {
    var all: [(path: String, shape: Shape, matrix: Matrix)] = []
    for (quantity, matrix) in zip(quantities.parameters, value.parameters) {
      all.append(("parameters.\(quantity.swift)", quantity.shape, matrix))
    }
    for (quantity, matrix) in zip(quantities.states, value.initial) {
      all.append(("initial.\(quantity.swift)", quantity.shape, matrix))
    }
    for (quantity, list) in zip(quantities.inputs, value.inputs) {
      for (step, matrix) in list.enumerated() {
        all.append(("inputs.\(quantity.swift)[\(step)]", quantity.shape, matrix))
      }
    }
    for (quantity, list) in zip(quantities.results, value.upstream) {
      for (step, matrix) in list.enumerated() {
        guard let matrix else { continue }
        all.append(("upstream.\(quantity.swift)[\(step)]", quantity.shape, matrix))
      }
    }
    return all
  }
}
