// The step of a cell as one polynomial for each state.

import Formula
import Recurrence

/// Works out the polynomials of a cell's states.
struct NormalForm {
  private let cell: Cell
  /// Gates that are read as 1 minus the gate of the negated argument.
  private let negated: Set<Int>
  private var known: [Int: [Segment]] = [:]

  /// A part of a vector that is put together from several, with its length.
  private struct Segment {
    let value: Polynomial
    let length: Dimension
  }

  /// The nodes that are σ of something, by which a gate may be told the other way round.
  static func gates(of cell: Cell) -> [Int] {
    cell.graph.nodes.indices.filter { cell.graph.nodes[$0].operation == .function(.sigmoid) }
  }

  /// - Returns: a polynomial for each state; nil where the cell has something that has none.
  static func states(of cell: Cell, negating negated: Set<Int> = []) -> [Polynomial]? {
    var form = NormalForm(cell: cell, negated: negated)
    var result: [Polynomial] = []
    for node in cell.graph.results.prefix(cell.quantities.states.count) {
      guard let value = form.whole(node) else { return nil }
      result.append(value.joiningVectors)
    }
    return result
  }

  private init(cell: Cell, negated: Set<Int>) {
    self.cell = cell
    self.negated = negated
  }

  private var isRows: Bool { cell.layout == .rows }

  private func length(_ node: Int) -> Dimension {
    switch cell.graph.nodes[node].shape.axes {
    case .scalar: Size.one
    case .vector(let length): length
    case .matrix(let rows, _): rows
    }
  }

  private mutating func whole(_ node: Int) -> Polynomial? {
    guard let segments = segments(node), segments.count == 1 else { return nil }
    return segments[0].value
  }

  private mutating func segments(_ node: Int) -> [Segment]? {
    if let known = known[node] { return known }
    guard let value = worked(node), value.allSatisfy({ $0.value.key.utf8.count < Polynomial.longest }) else {
      return nil
    }
    known[node] = value
    return value
  }

  private mutating func worked(_ index: Int) -> [Segment]? {
    let node = cell.graph.nodes[index]
    func one(_ value: Polynomial?) -> [Segment]? { value.map { [Segment(value: $0, length: length(index))] } }
    switch node.operation {
    case .input(let input): return one(Polynomial(Atom(.input(input))))
    case .previous(let state): return one(Polynomial(Atom(.state(state))))
    case .constant(let number): return one(Polynomial(number: number))
    case .parameter(let parameter): return one(Polynomial(Atom(.vector([ParameterBlock(parameter: parameter)]))))
    case .spread: return segments(node.operands[0])
    case .affine(let scale, let shift):
      return each(node.operands) { scale * $0[0] + Polynomial(number: shift) }
    case .add: return each(node.operands) { $0[0] + $0[1] }
    case .subtract: return each(node.operands) { $0[0] + -1 * $0[1] }
    case .hadamard: return each(node.operands) { $0[0] * $0[1] }
    case .power(2): return each(node.operands) { $0[0] * $0[0] }
    case .function(.identity): return segments(node.operands[0])
    case .function(let function):
      let isNegated = negated.contains(index)
      return each(node.operands) { values in
        let inner = values[0].joiningVectors
        guard isNegated else { return Polynomial(Atom(.function(function, inner))) }
        return Polynomial(number: 1) + -1 * Polynomial(Atom(.function(function, -1 * inner)))
      }
    case .join:
      var all: [Segment] = []
      for operand in node.operands {
        guard let part = segments(operand) else { return nil }
        all += part
      }
      return all
    case .slice(let number, let count): return slice(node.operands[0], number, count, length(index))
    case .product(let leftTransposed, let rightTransposed):
      return product(index, node.operands, leftTransposed, rightTransposed)
    default: return opaque(index)
    }
  }

  private mutating func opaque(_ index: Int) -> [Segment]? {
    var parts: [Polynomial] = []
    for operand in cell.graph.nodes[index].operands {
      guard let part = whole(operand) else { return nil }
      parts.append(part)
    }
    let name = "\(cell.graph.nodes[index].operation)"
    return [Segment(value: Polynomial(Atom(.other(name, parts))), length: length(index))]
  }

  /// An operation by element, part by part.
  private mutating func each(_ operands: [Int], _ body: ([Polynomial]) -> Polynomial?) -> [Segment]? {
    var all: [[Segment]] = []
    for operand in operands {
      guard let value = segments(operand) else { return nil }
      all.append(value)
    }
    let count = all.map(\.count).max() ?? 0
    guard all.allSatisfy({ $0.count == count || $0.count == 1 }) else { return nil }
    var result: [Segment] = []
    for index in 0..<count {
      guard let value = body(all.map { ($0.count == 1 ? $0[0] : $0[index]).value }) else { return nil }
      let length = all.first { $0.count == count }.map { $0[index].length }
      result.append(Segment(value: value, length: length ?? Size.one))
    }
    return result
  }

  // MARK: Matrices

  private mutating func product(
    _ index: Int, _ operands: [Int], _ leftTransposed: Bool, _ rightTransposed: Bool
  ) -> [Segment]? {
    let (matrix, vector) = isRows ? (operands[1], operands[0]) : (operands[0], operands[1])
    var isTransposed = isRows ? !rightTransposed : leftTransposed
    guard !(isRows ? leftTransposed : rightTransposed), let parts = segments(vector) else { return opaque(index) }
    var source = matrix
    while cell.graph.nodes[source].operation == .transpose {
      source = cell.graph.nodes[source].operands[0]
      isTransposed.toggle()
    }
    guard case .parameter(let parameter) = cell.graph.nodes[source].operation,
      case .matrix = cell.graph.nodes[source].shape.axes
    else { return nil }
    var start = Dimension.zero
    var sum = Polynomial(number: 0)
    for part in parts {
      var block = ParameterBlock(parameter: parameter, isTransposed: isTransposed)
      if parts.count > 1 { block.into = ParameterBlock.Part(start: start, length: part.length) }
      start = start + part.length
      sum =
        sum
        + Polynomial(part.value.terms.map { (Monomial([Atom(.matrix(block, $0.monomial))]), $0.factor) })
    }
    return [Segment(value: sum, length: length(index))]
  }

  /// One of equal parts of a vector: a part that was put together, or that part of every parameter in it.
  private mutating func slice(_ node: Int, _ number: Int, _ count: Int, _ length: Dimension) -> [Segment]? {
    guard let all = segments(node) else { return nil }
    if all.count == count { return [all[number]] }
    guard all.count == 1 else { return nil }
    var start = Dimension.zero
    for _ in 0..<number { start = start + length }
    guard let value = all[0].value.sliced(ParameterBlock.Part(start: start, length: length)) else { return nil }
    return [Segment(value: value, length: length)]
  }
}

extension Polynomial {
  /// Some of the entries; nil where what they are made of cannot be told apart.
  fileprivate func sliced(_ part: ParameterBlock.Part) -> Polynomial? {
    var result: [(Monomial, Double)] = []
    for (monomial, factor) in terms {
      var atoms: [Atom] = []
      for atom in monomial.atoms {
        guard let sliced = atom.sliced(part) else { return nil }
        atoms.append(sliced)
      }
      result.append((Monomial(atoms), factor))
    }
    return Polynomial(result.map { (monomial: $0.0, factor: $0.1) })
  }

  /// The same with vectors of parameters that are added up taken as one: nothing tells them apart.
  var joiningVectors: Polynomial {
    let plain = terms.filter { $0.monomial.vector != nil && $0.factor == 1 }
    guard plain.count > 1 else { return self }
    let rest = terms.filter { !($0.monomial.vector != nil && $0.factor == 1) }
    let blocks = plain.flatMap { $0.monomial.vector ?? [] }
    return Polynomial(rest + [(Monomial([Atom(.vector(blocks))]), 1)])
  }
}

extension Atom {
  fileprivate func sliced(_ part: ParameterBlock.Part) -> Atom? {
    switch kind {
    case .matrix(var block, let inner) where block.out == nil:
      block.out = part
      return Atom(.matrix(block, inner))
    case .vector(let blocks) where blocks.allSatisfy({ $0.out == nil }):
      return Atom(
        .vector(
          blocks.map { block in
            var block = block
            block.out = part
            return block
          }))
    case .function(let function, let inner): return inner.sliced(part).map { Atom(.function(function, $0)) }
    default: return nil
    }
  }
}
