// The equations of a cell as polynomials, in which brackets, order and names in between do not matter.

import Formula
import Recurrence

/// A summand: a number times factors.
struct CellMonomial: Hashable {
  var coefficient: Double
  var factors: [CellFactor]
}

/// A factor of a summand.
indirect enum CellFactor: Hashable {
  /// A state, an input or a vector of parameters.
  case value(Name, isPrevious: Bool)
  case call(Function, [CellMonomial])
  /// A matrix, or the part of it that meets one part of a stack, times a vector.
  case product(CellSlot, [CellFactor])
}

/// A parameter, or the part of it that meets one part of a stack.
struct CellSlot: Hashable {
  var name: Name
  var part: Int?
}

/// Writes the equations of a cell out.
struct CellPolynomials {
  let cell: Cell
  /// Gates that are taken as one minus what they are.
  var negated: Set<Name> = []
  private let definitions: [Name: Expression]
  private let timed: Set<Name>
  let states: Set<Name>

  init(_ cell: Cell) {
    self.cell = cell
    definitions = Dictionary(
      cell.equations.filter { $0.left.count == 1 }.map { ($0.left[0].name, $0.right) }, uniquingKeysWith: { a, _ in a })
    states = Set(cell.quantities.states.map(\.name))
    timed = Set(cell.quantities.inputs.map(\.name)).union(definitions.keys)
  }

  /// Names with an equation, states left out.
  var intermediates: [Name] { definitions.keys.filter { !states.contains($0) }.sorted { $0.latex < $1.latex } }

  /// What the equation of a name says; nil where it has parts that no polynomial holds.
  func equation(of name: Name) -> [CellMonomial]? {
    guard let body = definitions[name], let written = written(body, depth: 0) else { return nil }
    return collected(negated.contains(name) ? [CellMonomial(coefficient: 1, factors: [])] + scaled(written, -1) : written)
  }

  private func scaled(_ sum: [CellMonomial], _ number: Double) -> [CellMonomial] {
    sum.map { CellMonomial(coefficient: number * $0.coefficient, factors: $0.factors) }
  }

  private func collected(_ sum: [CellMonomial]) -> [CellMonomial] {
    var result: [CellMonomial] = []
    for term in sum {
      let factors = term.factors.sorted { "\($0)" < "\($1)" }
      if let index = result.firstIndex(where: { $0.factors == factors }) {
        result[index].coefficient += term.coefficient
      } else {
        result.append(CellMonomial(coefficient: term.coefficient, factors: factors))
      }
    }
    return result.filter { $0.coefficient != 0 }
  }

  private func times(_ a: [CellMonomial], _ b: [CellMonomial]) -> [CellMonomial]? {
    guard a.count * b.count <= 64 else { return nil }
    return a.flatMap { x in
      b.map { CellMonomial(coefficient: x.coefficient * $0.coefficient, factors: x.factors + $0.factors) }
    }
  }

  private func written(_ tree: Expression, depth: Int) -> [CellMonomial]? {
    guard depth < 40 else { return nil }
    func part(_ tree: Expression) -> [CellMonomial]? { written(tree, depth: depth + 1) }
    switch tree.kind {
    case .number(let number): return [CellMonomial(coefficient: number, factors: [])]
    case .symbol(let symbol):
      let isPrevious = symbol.times == [.previous]
      if !states.contains(symbol.name), !isPrevious, definitions[symbol.name] != nil {
        guard let body = definitions[symbol.name], let value = part(body) else { return nil }
        return negated.contains(symbol.name)
          ? [CellMonomial(coefficient: 1, factors: [])] + scaled(value, -1) : value
      }
      return [CellMonomial(coefficient: 1, factors: [.value(symbol.name, isPrevious: isPrevious)])]
    case .negated(let value): return part(value).map { scaled($0, -1) }
    case .sum(let a, let b):
      guard let x = part(a), let y = part(b) else { return nil }
      return collected(x + y)
    case .difference(let a, let b):
      guard let x = part(a), let y = part(b) else { return nil }
      return collected(x + scaled(y, -1))
    case .hadamard(let a, let b):
      guard let x = part(a), let y = part(b) else { return nil }
      return times(x, y).map(collected)
    case .product(let a, let b), .star(let a, let b):
      if let matrix = a.matrixName(timed) { return product(matrix, b, depth: depth) }
      if let matrix = b.matrixName(timed) { return product(matrix, a, depth: depth) }
      guard let x = part(a), let y = part(b) else { return nil }
      return times(x, y).map(collected)
    case .power(let base, let exponent):
      guard case .number(2) = exponent.kind, let value = part(base) else { return nil }
      return times(value, value).map(collected)
    case .call(let function, 0, let arguments):
      guard arguments.count == 1, let value = part(arguments[0]) else { return nil }
      return [CellMonomial(coefficient: 1, factors: [.call(function, collected(value))])]
    default: return nil
    }
  }

  private func product(_ matrix: Name, _ vector: Expression, depth: Int) -> [CellMonomial]? {
    var vector = vector
    while case .symbol(let symbol) = vector.kind, symbol.times == [.present], !states.contains(symbol.name),
      let body = definitions[symbol.name], case .block = body.kind
    { vector = body }
    func meeting(_ tree: Expression, _ part: Int?) -> [CellMonomial]? {
      written(tree, depth: depth + 1).map {
        $0.map { term in
          CellMonomial(
            coefficient: term.coefficient, factors: [.product(CellSlot(name: matrix, part: part), term.factors)])
        }
      }
    }
    guard case .block(let rows) = vector.kind else { return meeting(vector, nil) }
    var sum: [CellMonomial] = []
    for (index, piece) in rows.flatMap({ $0 }).enumerated() {
      guard let more = meeting(piece, index) else { return nil }
      sum += more
    }
    return collected(sum)
  }
}

extension Expression {
  /// The parameter that this is, transposed or not, where it is one with a capital letter.
  fileprivate func matrixName(_ timed: Set<Name>) -> Name? {
    guard isMatrix(timed) else { return nil }
    switch kind {
    case .transposed(let value): return value.matrixName(timed)
    case .symbol(let symbol): return symbol.name
    default: return nil
    }
  }
}
