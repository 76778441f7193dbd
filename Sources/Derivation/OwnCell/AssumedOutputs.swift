// Outputs that a text uses between the loss and a state and nowhere states, as in `∂L_t/∂ŷ_t ∂ŷ_t/∂h_t`.

import Diagnostics
import Formula
import Recurrence

/// A quantity of a step that is taken as some function of one other.
struct AssumedOutput {
  let name: Name
  /// What it is a function of.
  let argument: Name
  /// Where the text first differentiates it.
  let place: Int

  /// An equation that stands for any: no line of the text can name its parameter.
  ///
  /// Only what the chain rule says of every smooth function can be stated of it, and that is true of this one alone if it is
  /// true of all: at each step its Jacobian and the gradient of the loss by it are any.
  func equation(like others: [ForwardEquation]) -> ForwardEquation {
    let range = 0..<0
    func node(_ kind: Expression.Kind) -> Expression { Expression(kind, at: range) }
    let matrix = node(.symbol(Expression.Symbol(name.parameter)))
    let value = node(.symbol(Expression.Symbol(argument, times: [.present])))
    let isRows = others.contains { $0.right.hasVectorBeforeMatrix }
    let product = node(isRows ? .product(value, matrix) : .product(matrix, value))
    return ForwardEquation(
      left: [Expression.Symbol(name, times: [.present])], leftRanges: [range],
      right: node(.call(.tanh, derivative: 0, [product])), range: range, source: others[0].source)
  }

  /// What a person is told.
  func told(_ source: SourceText) -> DerivationReport.Reading {
    let (own, other) = (name.latex(time: "t"), argument.latex(time: "t"))
    return DerivationReport.Reading(
      line: source.position(at: place).line,
      text: Wording(
        "`\(own)` is nowhere stated; it is taken as some function of `\(other)` alone through which the step's loss sees it. State its equation for lines that say more of it",
        "文中没有给出 `\(own)`；这里把它当作只依赖 `\(other)` 的某个函数，单步损失经由它依赖 `\(other)`。若要对它作更多论断，请写出它的方程"))
  }
}

/// The outputs that a text uses and nowhere states.
struct AssumedOutputs {
  private var found: [AssumedOutput] = []

  /// - Parameter names: the text as it was read.
  init(_ names: StatedNames) {
    var derivatives: [(value: Derivative, place: Int)] = []
    var stated: Set<Name> = []
    for statement in names.statements {
      for member in statement.members {
        guard let tree = member.expression else { continue }
        if case .symbol(let symbol) = tree.kind, !statement.signs.isEmpty { stated.insert(symbol.name) }
        _ = tree.rebuilt { node in
          if case .analysis(.derivative(let derivative)) = node.kind {
            derivatives.append((derivative, node.range.lowerBound))
          }
          return node
        }
      }
    }
    let seen = Set(derivatives.filter { $0.value.of.name.isLoss }.map(\.value.by.name))
    for (derivative, place) in derivatives.sorted(by: { $0.place < $1.place }) {
      let (of, by) = (derivative.of, derivative.by)
      guard of.times.count == 1, of.times == by.times, !of.name.isLoss, !of.name.isError, of.name != by.name,
        seen.contains(of.name), !stated.contains(of.name), !found.contains(where: { $0.name == of.name })
      else { continue }
      found.append(AssumedOutput(name: of.name, argument: by.name, place: place))
    }
  }

  /// Those that are functions of a cell's quantities and are none of them.
  func outputs(of known: Set<Name>) -> [AssumedOutput] {
    found.filter { known.contains($0.argument) && !known.contains($0.name) }
  }
}

extension Name {
  /// A parameter that no text can name.
  fileprivate var parameter: Name { Name(base: "V", label: [base] + label + ["*"]) }
}

extension Expression {
  /// Whether a vector stands before a matrix in a product, as in rows.
  fileprivate var hasVectorBeforeMatrix: Bool {
    if case .product(let left, let right) = kind, case .symbol(let matrix) = right.kind, matrix.times.isEmpty,
      left.symbols.contains(where: { !$0.times.isEmpty })
    {
      return true
    }
    return kind.operands.contains(where: \.hasVectorBeforeMatrix)
  }
}
