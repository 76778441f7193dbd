// The value of a term in a drawn network.

import CellKit
import Formula
import Glibc
import Recurrence

extension WorldOf {
  /// The value of a term; nil where something in it is undefined.
  func evaluate(_ term: Term, _ environment: [Int]) -> Matrix? {
    effort.spend()
    depth += 1
    defer { depth -= 1 }
    guard depth <= 800 else {
      effort.giveUp()
      return nil
    }
    guard !effort.isExhausted else { return nil }
    func operand(_ index: Int) -> Matrix? { evaluate(term.operands[index], environment) }
    func both(_ body: (Number, Number) -> Number) -> Matrix? {
      guard let a = operand(0), let b = operand(1) else { return nil }
      return a.combined(b, body)
    }
    switch term.operation {
    case .number(let number): return .scalar(Number(number))
    case .moment(let moment): return .scalar(Number(moment.step(environment)))
    case .axis(let letter): return .scalar(Number(letters[letter] ?? 1))
    case .zeros: return zeros(term.size) ?? .scalar(.zero)
    case .ones:
      guard let zeros = zeros(term.size) else { return nil }
      return Matrix(filling: zeros.rows, zeros.columns, with: .one)
    case .identity:
      guard let rows = term.size.rows else { return nil }
      return .identity(rows.value(letters))
    case .value(let target, let moment): return value(of: target, at: moment?.step(environment))
    case .loss(let moment):
      guard let moment else { return .scalar((1...steps).reduce(.zero) { $0 + loss(at: $1) }) }
      let step = moment.step(environment)
      return step >= 1 && step <= steps ? .scalar(loss(at: step)) : nil
    case .gradient(let loss, let by, let at, let isImmediate):
      if let stated, let found = stated(term, environment) { return found }
      return gradient(
        loss: loss?.step(environment), by: by, at: at?.step(environment), isImmediate: isImmediate)
    case .jacobian(let slope):
      if let stated, let found = stated(term, environment) { return found }
      return jacobian(slope, environment)
    case .composition(let slopes):
      guard let start = operand(0) else { return nil }
      return compose(slopes, start, environment)
    case .defined(let index, let moments): return defined(index, moments.map { $0.step(environment) })
    case .negate: return operand(0)?.applying { -$0 }
    case .add: return both { $0 + $1 }
    case .subtract: return both { $0 - $1 }
    case .hadamard: return both { $0 * $1 }
    case .divide: return both { $0 / $1 }
    case .scale:
      guard let a = operand(0), let b = operand(1), let factor = a.elements.first else { return nil }
      return b.scaled(by: factor)
    case .multiply:
      guard let a = operand(0), let b = operand(1), a.columns == b.rows else { return nil }
      return a.times(b)
    case .transpose: return operand(0)?.flipped
    case .power:
      guard let a = operand(0), let exponent = operand(1)?.elements.first else { return nil }
      return a.applying { Number.power($0, exponent, truth.meaning) }
    case .matrixPower:
      guard let a = operand(0), let exponent = operand(1)?.elements.first?.integer, exponent >= 0, exponent <= 64,
        a.rows == a.columns
      else { return nil }
      return (0..<exponent).reduce(Matrix.identity(a.rows)) { result, _ in result.times(a) }
    case .function(let function, let derivative):
      guard let a = operand(0) else { return nil }
      if term.isKinked { see(term, a.elements) }
      if case .stop = function { return derivative == 0 ? a : nil }
      var entries: [Number] = []
      for entry in a.elements {
        guard let value = Number.value(of: function, derivative: derivative, at: entry, truth.meaning) else {
          return nil
        }
        entries.append(value)
      }
      return Matrix(rows: a.rows, columns: a.columns, elements: entries)
    case .maximum, .minimum:
      guard let a = operand(0), let b = operand(1), let difference = a.combined(b, { $0 - $1 }) else { return nil }
      see(term, difference.elements)
      let isMaximum = if case .maximum = term.operation { true } else { false }
      return a.combined(b) { one, two in
        switch Number.takesSecond(one, two, isMaximum: isMaximum, truth.meaning) {
        case .some(true): two
        case .some(false): one
        case nil: .undefined
        }
      }
    case .softmax: return operand(0)?.softmax(acrossRows: !context.isRows, truth.meaning)
    case .total: return operand(0)?.total(acrossRows: !context.isRows)
    case .mean:
      guard let a = operand(0) else { return nil }
      return a.total(acrossRows: !context.isRows)
        .scaled(by: .one / Number(context.isRows ? a.columns : a.rows))
    case .diagonal:
      guard let a = operand(0) else { return nil }
      return .diagonal(a.elements)
    case .stack(let isVertical):
      var parts: [Matrix] = []
      for index in term.operands.indices {
        guard let part = operand(index) else { return nil }
        parts.append(part)
      }
      return isVertical ? .onTop(parts) : .sideBySide(parts)
    case .norm(let norm):
      guard let a = operand(0) else { return nil }
      // Only doubles have one.
      guard let a = a as? CellKit.Matrix else { return .scalar(.undefined) }
      return CellKit.Matrix.scalar(a.norm(norm)) as? Matrix
    case .repetition(let operation, let slot, let lower, let upper, let isDescending):
      return repeated(term, environment, operation, slot, lower, upper, isDescending)
    case .entry, .array, .placeSum, .kronecker, .unit, .slopeByEntry: return entries(term, environment)
    }
  }

  /// The innermost part of a term that has no value, and its step.
  func undefined(in term: Term, _ environment: [Int]) -> (term: Term, step: Int)? {
    effort.spend()
    guard !effort.isExhausted else { return nil }
    var environments = [environment]
    if case .repetition(_, let slot, let lower, let upper, _) = term.operation {
      let (first, last) = (lower.step(environment), upper.step(environment))
      guard first <= last, last - first < 100 else { return nil }
      environments = (first...last).map { step in
        var inner = environment
        inner[slot] = step
        return inner
      }
    }
    for inner in environments {
      for operand in term.operands { if let found = undefined(in: operand, inner) { return found } }
    }
    guard term.operands.isEmpty, evaluate(term, environment) == nil, let moment = term.moments.last else { return nil }
    return (term, moment.step(environment))
  }

  func see(_ term: Term, _ values: [Number]) {
    var seen = sides[ObjectIdentifier(term)] ?? (false, false)
    for value in values {
      if truth.meaning.isAbove(value) { seen.above = true } else { seen.below = true }
    }
    sides[ObjectIdentifier(term)] = seen
  }

  func repeated(
    _ term: Term, _ environment: [Int], _ operation: Repetition.Operation, _ slot: Int, _ lower: Moment,
    _ upper: Moment,
    _ isDescending: Bool
  ) -> Matrix? {
    let (first, last) = (lower.step(environment), upper.step(environment))
    var environment = environment
    guard first <= last else {
      guard let zeros = zeros(term.size) else { return .scalar(operation == .sum ? .zero : .one) }
      switch operation {
      case .sum: return zeros
      case .product: return term.size.isScalar ? .scalar(.one) : .identity(zeros.rows)
      case .hadamard: return Matrix(filling: zeros.rows, zeros.columns, with: .one)
      }
    }
    guard last - first <= 100_000 else {
      effort.giveUp()
      return nil
    }
    var result: Matrix?
    for step in first...last {
      environment[slot] = step
      guard let value = evaluate(term.operands[0], environment) else { return nil }
      guard let before = result else {
        result = value
        continue
      }
      switch operation {
      case .sum: result = before.combined(value) { $0 + $1 }
      case .hadamard: result = before.combined(value) { $0 * $1 }
      case .product:
        if term.size.isScalar {
          result = before.combined(value) { $0 * $1 }
        } else {
          result = isDescending ? value.times(before) : before.times(value)
        }
      }
      if result == nil { return nil }
    }
    return result
  }
}

extension World {
  /// The largest entry of the outermost terms, against which errors are measured.
  func scale(_ term: Term, _ environment: [Int]) -> Double {
    term.addends.reduce(0) { largest, addend in
      if case .repetition(.sum, let slot, let lower, let upper, _) = addend.operation, environment.count > slot {
        var inner = environment
        let (first, last) = (lower.step(environment), upper.step(environment))
        guard first <= last, last - first < 50 else { return largest }
        return (first...last).reduce(largest) { most, step in
          inner[slot] = step
          return larger(most, evaluate(addend.operands[0], inner)?.largest ?? 0)
        }
      }
      return larger(largest, evaluate(addend, environment)?.largest ?? 0)
    }
  }
}

extension Statement.Relation {
  /// Whether two steps are as the relation says.
  func holds(_ a: Int, _ b: Int) -> Bool {
    switch self {
    case .equal, .defined: return a == b
    case .lessOrEqual: return a <= b
    case .greaterOrEqual: return a >= b
    case .less: return a < b
    case .greater: return a > b
    }
  }
}
