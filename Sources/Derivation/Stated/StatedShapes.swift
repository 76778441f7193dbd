// How large everything in stated equations is: found by unification, rows or columns as the products say.

import Formula
import Recurrence

/// The shapes of the names in a text's own equations.
struct StatedShapes {
  /// A size that is not known yet, or a sum of such.
  indirect enum Size: Hashable {
    case open(Int)
    case sum([Size])
    case one
  }

  /// Why there are no shapes that fit.
  struct Misfit: Error {}

  /// Whether a sample is a row; columns where the products do not say.
  let isRows: Bool
  private var known: [Int: Size] = [:]
  private var count = 0
  /// The length of each timed name.
  private(set) var lengths: [Name: Size] = [:]
  /// Rows and columns of each name without a time.
  private(set) var matrices: [Name: (rows: Size, columns: Size)] = [:]
  private let timed: Set<Name>

  /// - Parameter timed: the names that carry a step.
  init(_ equations: [ForwardEquation], timed: Set<Name>) throws(Misfit) {
    self.timed = timed
    var votes = (rows: 0, columns: 0)
    for equation in equations {
      _ = equation.right.rebuilt { node in
        let factors = node.matrixFactors(timed)
        guard factors.count > 1 else { return node }
        if factors.first == true, factors.last == false { votes.columns += 1 }
        if factors.first == false, factors.last == true { votes.rows += 1 }
        return node
      }
    }
    guard votes.rows == 0 || votes.columns == 0 || votes.rows >= 3 * votes.columns || votes.columns >= 3 * votes.rows
    else { throw Misfit() }
    isRows = votes.rows > votes.columns
    for equation in equations {
      let own = length(of: equation.left[0].name)
      guard let found = try shape(equation.right) else { continue }
      try unify(found, isRows ? (.one, own) : (own, .one))
    }
  }

  // MARK: Sizes

  private mutating func fresh() -> Size {
    count += 1
    return .open(count)
  }

  private mutating func length(of name: Name) -> Size {
    if let size = lengths[name] { return size }
    let size = fresh()
    lengths[name] = size
    return size
  }

  /// What a size is, as far as it is known.
  func resolved(_ size: Size) -> Size {
    switch size {
    case .one: .one
    case .open(let number): known[number].map(resolved) ?? size
    case .sum(let parts):
      .sum(parts.map(resolved).flatMap { part -> [Size] in if case .sum(let more) = part { more } else { [part] } })
    }
  }

  private func contains(_ size: Size, _ number: Int) -> Bool {
    switch resolved(size) {
    case .one: false
    case .open(let other): other == number
    case .sum(let parts): parts.contains { contains($0, number) }
    }
  }

  private mutating func unify(_ a: Size, _ b: Size) throws(Misfit) {
    let (a, b) = (resolved(a), resolved(b))
    if a == b { return }
    switch (a, b) {
    case (.open(let number), let other), (let other, .open(let number)):
      guard !contains(other, number) else { throw Misfit() }
      known[number] = other
    case (.sum(let left), .sum(let right)):
      guard left.count == right.count else { throw Misfit() }
      for (x, y) in zip(left, right) { try unify(x, y) }
    default: throw Misfit()
    }
  }

  private mutating func unify(_ a: (Size, Size), _ b: (Size, Size)) throws(Misfit) {
    try unify(a.0, b.0)
    try unify(a.1, b.1)
  }

  // MARK: Trees

  /// Rows and columns of a value; nil for a number, which takes any shape.
  private mutating func shape(_ tree: Expression) throws(Misfit) -> (Size, Size)? {
    switch tree.kind {
    case .number, .constant: return nil
    case .symbol(let symbol):
      if timed.contains(symbol.name) {
        let own = length(of: symbol.name)
        return isRows ? (.one, own) : (own, .one)
      }
      if let known = matrices[symbol.name] { return (known.rows, known.columns) }
      let (rows, columns) = (fresh(), fresh())
      matrices[symbol.name] = (rows, columns)
      return (rows, columns)
    case .negated(let value): return try shape(value)
    case .transposed(let value): return try shape(value).map { ($0.1, $0.0) }
    case .power(let base, _): return try shape(base)
    case .quotient(let above, let below): return try same([above, below])
    case .sum(let a, let b), .difference(let a, let b), .hadamard(let a, let b): return try same([a, b])
    case .product(let a, let b), .star(let a, let b):
      guard let left = try shape(a), let right = try shape(b) else { return try same([a, b]) }
      guard a.isMatrix(timed) || b.isMatrix(timed) else {
        try unify(left, right)
        return left
      }
      try unify(left.1, right.0)
      return (left.0, right.1)
    case .call(let function, _, let arguments):
      guard function != .diag, function != .sum, function != .mean, arguments.count == 1 else { throw Misfit() }
      return try shape(arguments[0])
    case .block(let rows):
      var parts: [Size] = []
      for part in rows.flatMap({ $0 }) {
        guard let found = try shape(part) else { throw Misfit() }
        try unify(isRows ? found.0 : found.1, .one)
        parts.append(isRows ? found.1 : found.0)
      }
      return isRows ? (.one, .sum(parts)) : (.sum(parts), .one)
    case .tensor, .analysis: throw Misfit()
    }
  }

  private mutating func same(_ parts: [Expression]) throws(Misfit) -> (Size, Size)? {
    var result: (Size, Size)?
    for part in parts {
      guard let found = try shape(part) else { continue }
      if let known = result { try unify(known, found) } else { result = found }
    }
    return result
  }
}

extension Expression {
  /// Whether it is a parameter with a capital letter, transposed or not: what only stands in products.
  func isMatrix(_ timed: Set<Name>) -> Bool {
    switch kind {
    case .transposed(let value): value.isMatrix(timed)
    case .symbol(let symbol):
      !timed.contains(symbol.name) && (symbol.name.base.first?.isUppercase == true || symbol.name.base == "Theta")
    default: false
    }
  }

  /// For a product of two, which of them is a matrix; empty for anything else.
  fileprivate func matrixFactors(_ timed: Set<Name>) -> [Bool] {
    switch kind {
    case .product(let a, let b), .star(let a, let b):
      let flags = [a.isMatrix(timed), b.isMatrix(timed)]
      return flags[0] != flags[1] ? flags : []
    default: return []
    }
  }

  /// The products of two vectors as products by element, and what is put together as a sample lies.
  func normalized(_ timed: Set<Name>, isRows: Bool) -> Expression {
    rebuilt { node in
      switch node.kind {
      case .product(let a, let b), .star(let a, let b):
        if a.isNumber || b.isNumber { return node.with(.product(a, b)) }
        return node.with(a.isMatrix(timed) || b.isMatrix(timed) ? .product(a, b) : .hadamard(a, b))
      case .block(let rows):
        let parts = rows.flatMap { $0 }
        return node.with(.block(isRows ? [parts] : parts.map { [$0] }))
      default: return node
      }
    }
  }

  private var isNumber: Bool { if case .number = kind { true } else { false } }
}
