// The value of entries, and of what is made of entries.

import Formula
import Recurrence

extension WorldOf {
  /// The value of a node that speaks of places.
  func entries(_ term: Term, _ environment: [Int]) -> Matrix? {
    switch term.operation {
    case .entry(let row, let column):
      guard let value = evaluate(term.operands[0], environment) else { return nil }
      let rows = row.map { environment[$0]..<environment[$0] + 1 } ?? 0..<value.rows
      let columns = column.map { environment[$0]..<environment[$0] + 1 } ?? 0..<value.columns
      guard rows.upperBound <= value.rows, columns.upperBound <= value.columns else { return nil }
      let all = value.elements
      return Matrix(
        rows: rows.count, columns: columns.count,
        elements: rows.flatMap { row in columns.map { all[row * value.columns + $0] } })
    case .array(let row, let column):
      guard let size = zeros(term.size) else { return nil }
      var elements: [Number] = []
      var environment = environment
      for i in 0..<size.rows {
        for j in 0..<size.columns {
          if let row { environment[row] = i }
          if let column { environment[column] = j }
          guard let value = evaluate(term.operands[0], environment)?.elements.first else { return nil }
          elements.append(value)
        }
      }
      return Matrix(rows: size.rows, columns: size.columns, elements: elements)
    case .placeSum(let slot, let size):
      var environment = environment
      var sum: Matrix?
      for place in 0..<size.value(letters) {
        environment[slot] = place
        guard let value = evaluate(term.operands[0], environment) else { return nil }
        sum = sum == nil ? value : sum?.combined(value) { $0 + $1 }
      }
      return sum
    case .kronecker(let a, let b): return .scalar(environment[a] == environment[b] ? .one : .zero)
    case .unit(let slot):
      guard let size = zeros(term.size), let value = evaluate(term.operands[0], environment)?.elements.first,
        environment[slot] < size.rows * size.columns
      else { return nil }
      var elements = [Number](repeating: .zero, count: size.rows * size.columns)
      elements[environment[slot]] = value
      return Matrix(rows: size.rows, columns: size.columns, elements: elements)
    case .slopeByEntry(let slope, let row, let column):
      guard let entries = slopesByMatrix(slope, environment) else { return nil }
      let (i, j) = (environment[row], environment[column])
      var values: [Number] = []
      for entry in entries {
        guard i < entry.rows, j < entry.columns else { return nil }
        values.append(entry.elements[i * entry.columns + j])
      }
      return context.isDenominator
        ? Matrix(rows: 1, columns: values.count, elements: values)
        : Matrix(rows: values.count, columns: 1, elements: values)
    default: return nil
    }
  }

  /// For each entry of a vector its derivative by a matrix; nil where the vector does not exist.
  private func slopesByMatrix(_ slope: Slope, _ environment: [Int]) -> [Matrix]? {
    guard case .node(let node) = slope.of, case .parameter(let parameter) = slope.by else { return nil }
    let step = slope.ofTime.step(environment)
    // The state before the first step is given: no parameter moves it.
    if step == 0, let value = value(of: slope.of, at: 0) {
      return value.elements.map { _ in self.value.parameters[parameter].applying { _ in .zero } }
    }
    guard step >= 1, step <= truth.sizes.steps else { return nil }
    let key = MatrixSlopeKey(of: JacobianKey(of: node, step: step, reach: slope.reach), parameter: parameter)
    if let known = slopesByMatrix[key] { return known }
    var entries: [Matrix] = []
    for table in rows(of: node, at: step, slope.reach).tables {
      guard let entry = read(slope.by, nil, table, from: step, isImmediate: slope.isImmediate) else { return nil }
      entries.append(entry)
    }
    slopesByMatrix[key] = entries
    return entries
  }
}
