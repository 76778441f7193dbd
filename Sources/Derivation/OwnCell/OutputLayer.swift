// An output layer that a text states for its loss, and the target that it compares the output with.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// A name that the text only compares its output with, as y in `\hat y_t - y_t`.
struct OutputTarget {
  let symbol: Expression.Symbol
  /// What it stands for: for the cross-entropy the derivative of a step's loss by the argument is the difference.
  let value: Expression
  /// The argument of the output, of which the loss is taken.
  let argument: Name

  /// - Returns: nil where the text has no such difference.
  init?(_ names: StatedNames, _ equations: [ForwardEquation]) {
    let defined = Set(equations.flatMap { $0.left.map(\.name) })
    for tree in names.statements.flatMap(\.members).compactMap(\.expression) {
      var found: OutputTarget?
      _ = tree.rebuilt { node in
        if found == nil { found = OutputTarget(node, defined, equations) }
        return node
      }
      if let found {
        self = found
        return
      }
    }
    return nil
  }

  private init?(_ node: Expression, _ defined: Set<Name>, _ equations: [ForwardEquation]) {
    guard case .difference(let a, let b) = node.kind, case .symbol(let prediction) = a.kind,
      case .symbol(let own) = b.kind, own.times == prediction.times, own.times.count == 1,
      !defined.contains(own.name), let equation = equations.first(where: { $0.left[0].name == prediction.name }),
      case .call(let function, 0, let arguments) = equation.right.kind, [.softmax, .sigmoid].contains(function),
      arguments.count == 1, case .symbol(let argument) = arguments[0].kind, defined.contains(argument.name)
    else { return nil }
    let loss = Derivative(of: Expression.Symbol(Name(base: "L"), times: [.present]), by: argument, isImmediate: false)
    symbol = Expression.Symbol(own.name, times: [.present])
    value = node.with(
      .difference(
        node.with(.symbol(Expression.Symbol(prediction.name, times: [.present]))),
        node.with(.analysis(.derivative(loss)))))
    self.argument = argument.name
  }

  /// What a person is told.
  func told(_ source: SourceText) -> DerivationReport.Reading {
    let (name, output) = (symbol.latex, argument.latex(time: "t"))
    return DerivationReport.Reading(
      line: source.position(at: value.range.lowerBound).line,
      text: Wording(
        "`\(name)` is read as the target: the derivative of a step's loss with respect to `\(output)` is the difference, as with the cross-entropy",
        "`\(name)` 理解为目标值：单步损失对 `\(output)` 的导数就是这个差，与交叉熵一致"))
  }
}

extension Cell {
  /// Whether a loss of some outputs of a step may have any derivative by a state that a loss of that output layer can have at
  /// all: through `V s_t - V s_t` it would be 0, and every line that says so would hold.
  func isSeen(_ states: [Name], through outputs: [Name]) -> Bool {
    var letters: [String: Int] = ["N": 1]
    for (index, letter) in declaration.sizes.keys.filter({ $0 != "N" }).sorted().enumerated() {
      letters[letter] = 3 + index % 3
    }
    let sizes = Sizes(letters, steps: 1)
    let tape = Tape(self, sizes: sizes, randomCase(sizes, seed: 17))
    return states.allSatisfy { state in
      let parts = outputs.map { tape.jacobian(of: Tape.Point($0, at: 1), by: Tape.Point(state, at: 1)) }
      guard let whole = Matrix.onTop(parts.compactMap(\.self)), parts.allSatisfy({ $0 != nil }) else { return false }
      // The entries of a softmax add up to 1, so that each output may be one short.
      return whole.rank >= max(1, min(whole.columns, whole.rows - outputs.count))
    }
  }
}

extension Cell {
  /// Whether every state has an effect on some of the given quantities a step later.
  func seesEveryState(_ quantities: [Name]) -> Bool {
    var letters: [String: Int] = ["N": 1]
    for letter in declaration.sizes.keys.filter({ $0 != "N" }) { letters[letter] = 3 }
    let sizes = Sizes(letters, steps: 2)
    let tape = Tape(self, sizes: sizes, randomCase(sizes, seed: 23))
    return self.quantities.states.allSatisfy { state in
      quantities.contains { name in
        (tape.jacobian(of: Tape.Point(name, at: 2), by: Tape.Point(state.name, at: 1))?.largest ?? 0) > 0
      }
    }
  }
}

extension Matrix {
  /// The number of rows that are not made of the others, by elimination.
  fileprivate var rank: Int {
    var rest = self
    var rank = 0
    let least = 1e-9 * largest
    while rank < min(rows, columns) {
      var pivot = (row: rank, column: rank)
      for row in rank..<rows {
        for column in rank..<columns where abs(rest[row, column]) > abs(rest[pivot.row, pivot.column]) {
          pivot = (row, column)
        }
      }
      guard abs(rest[pivot.row, pivot.column]) > least else { return rank }
      for column in 0..<columns {
        (rest[rank, column], rest[pivot.row, column]) = (rest[pivot.row, column], rest[rank, column])
      }
      for row in 0..<rows {
        (rest[row, rank], rest[row, pivot.column]) = (rest[row, pivot.column], rest[row, rank])
      }
      for row in rank + 1..<max(rank + 1, rows) {
        let factor = rest[row, rank] / rest[rank, rank]
        for column in rank..<columns { rest[row, column] -= factor * rest[rank, column] }
      }
      rank += 1
    }
    return rank
  }
}
