// The cells of other books: the same names, another equation (conventions: keep or write, reset before or after).

import Diagnostics
import Formula
import Recurrence

/// A cell that another book writes with the same names.
struct Convention {
  let equations: [ForwardEquation]
  let text: Wording
}

extension Context {
  /// Gates that stand in an equation both as z and as 1 - z.
  var keepGates: [Name] {
    var found: Set<Name> = []
    for equation in cell.equations {
      var plain: Set<Name> = []
      var turned: Set<Name> = []
      _ = equation.right.rebuilt { node in
        if case .hadamard(let a, let b) = node.kind {
          for factor in [a, b] {
            if case .symbol(let symbol) = factor.kind { plain.insert(symbol.name) }
            if let name = factor.complemented { turned.insert(name) }
          }
        }
        return node
      }
      found.formUnion(plain.intersection(turned))
    }
    return Set(found.map(\.withoutLayer)).sorted { $0.latex < $1.latex }
  }

  /// The other conventions that this cell has.
  var conventions: [Convention] {
    var result: [Convention] = []
    for gate in keepGates {
      let equations = cell.equations.map { equation in
        equation.replacingRight(equation.right.exchangingComplement(of: gate))
      }
      let name = gate.latex(time: "t")
      result.append(
        Convention(
          equations: equations,
          text: Wording(
            "this is right for the convention in which \(name) and 1 - \(name) are exchanged (keep and write); this sheet has it the other way round",
            "这在 \(name) 与 1 - \(name) 互换（保留/写入约定相反）的写法下成立，与本讲义相反")))
    }
    // U (r ⊙ h) against r ⊙ (U h).
    var after = false
    let reset = cell.equations.map { equation in
      equation.replacingRight(
        equation.right.rebuilt { node in
          if case .product(let matrix, let inner) = node.kind, case .hadamard(let gate, let state) = inner.kind {
            after = true
            return node.with(.hadamard(gate, node.with(.product(matrix, state))))
          }
          return node
        })
    }
    if after {
      result.append(
        Convention(
          equations: reset,
          text: Wording(
            "this is right for the cell that applies the reset gate after the product with the matrix; this sheet applies it before",
            "这在“先乘矩阵再乘重置门”的写法下成立，本讲义是先乘重置门")))
    }
    return result
  }
}

extension ForwardEquation {
  fileprivate func replacingRight(_ new: Expression) -> ForwardEquation {
    ForwardEquation(left: left, leftRanges: leftRanges, right: new, range: range, source: source)
  }
}

extension Expression {
  /// The name in `1 - z`.
  fileprivate var complemented: Name? {
    guard case .difference(let one, let value) = kind, case .number(1) = one.kind, case .symbol(let symbol) = value.kind
    else {
      return nil
    }
    return symbol.name
  }

  fileprivate func exchangingComplement(of gate: Name) -> Expression {
    if complemented?.withoutLayer == gate, case .difference(_, let value) = kind { return value }
    if case .symbol(let symbol) = kind, symbol.name.withoutLayer == gate {
      return with(.difference(with(.number(1)), self))
    }
    let operands = kind.operands
    return operands.isEmpty ? self : with(kind.replacingOperands(operands.map { $0.exchangingComplement(of: gate) }))
  }
}
