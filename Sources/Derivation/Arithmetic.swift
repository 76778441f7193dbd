// The value of a formula of numbers, with sums and products bounded.

import Diagnostics
import Formula
import Glibc
import Markdown
import Recurrence

/// Works out formulas in which every name is a number.
struct Arithmetic {
  /// Why a formula has no value.
  struct Unreadable: Error { let text: Wording }

  /// The names that messages offer.
  private let letters: Set<String>
  /// How many nodes may still be visited.
  private var work = 1_000_000

  init(_ letters: Set<String>) { self.letters = letters }

  /// - Parameter values: the number that each name stands for.
  mutating func value(_ tree: Expression, _ values: [String: Double]) throws(Unreadable) -> Double {
    work -= 1
    guard work > 0 else {
      throw Unreadable(
        text: Wording(
          "`\(tree.latex)` stands in a sum with too many terms to work out; write it in closed form",
          "`\(tree.latex)` 所在的求和项数太多，无法计算；请写成封闭形式"))
    }
    switch tree.kind {
    case .number(let number): return number
    case .symbol(let symbol):
      if let number = values[symbol.latex] { return number }
      let known = letters.sorted().map(MathText.line).joined(separator: ", ")
      throw Unreadable(
        text: Wording(
          "`\(symbol.latex)` is unknown here: there are \(known), and what you name before with `:=`",
          "这里不认识 `\(symbol.latex)`：可以用 \(known)，以及你在前面用 `:=` 引入的名字"))
    case .negated(let a): return -(try value(a, values))
    case .sum(let a, let b): return try value(a, values) + value(b, values)
    case .difference(let a, let b): return try value(a, values) - value(b, values)
    case .product(let a, let b), .star(let a, let b), .hadamard(let a, let b):
      return try value(a, values) * value(b, values)
    case .quotient(let a, let b): return try value(a, values) / value(b, values)
    case .power(let a, let b): return pow(try value(a, values), try value(b, values))
    case .transposed(let base):
      // Numbers have no transpose, so the T above one is the number of steps, where there is one.
      guard let steps = values["T"] else {
        throw Unreadable(
          text: Wording(
            "`\(tree.latex)` is read as a transpose, and no `T` is known here", "`\(tree.latex)` 读作转置，而这里没有 `T`"))
      }
      return pow(try value(base, values), steps)
    case .block(let rows) where rows.count == 1 && rows[0].count == 1: return try value(rows[0][0], values)
    case .call(.max, 0, let arguments): return larger(try value(arguments[0], values), try value(arguments[1], values))
    case .call(.min, 0, let arguments): return smaller(try value(arguments[0], values), try value(arguments[1], values))
    case .call(let function, 0, let arguments) where function.isElementwise && arguments.count == 1:
      return function.curve?.value(try value(arguments[0], values)) ?? .nan
    case .analysis(.counting(let counting, let operands)): return try self.counted(counting, operands, values)
    case .analysis(.series(let series)): return try sum(series, values)
    default: throw Unreadable(text: Wording("`\(tree.latex)` is no number", "`\(tree.latex)` 不是一个数"))
    }
  }

  private mutating func counted(
    _ counting: Counting, _ operands: [Expression], _ values: [String: Double]
  ) throws(Unreadable) -> Double {
    let first = try value(operands[0], values)
    switch counting {
    case .floor: return first.rounded(.down)
    case .ceiling: return first.rounded(.up)
    case .factorial: return tgamma(try whole(first, operands[0]) + 1).rounded()
    case .binomial:
      let (n, k) = (try whole(first, operands[0]), try whole(try value(operands[1], values), operands[1]))
      guard k <= n else { return 0 }
      let short = Swift.min(k, n - k)
      guard short <= 10_000 else { return .infinity }
      return stride(from: 0, to: short, by: 1).reduce(1) { $0 * (n - $1) / ($1 + 1) }
    }
  }

  private func whole(_ number: Double, _ tree: Expression) throws(Unreadable) -> Double {
    guard number == number.rounded(), number >= 0 else {
      throw Unreadable(
        text: Wording(
          "`\(tree.latex)` must be a whole number that is not negative; here it is \(number.shortText)",
          "`\(tree.latex)` 应是非负整数；这里是 \(number.shortText)"))
    }
    return number
  }

  private mutating func sum(_ series: Series, _ values: [String: Double]) throws(Unreadable) -> Double {
    let bounds = [try value(series.lower, values), try value(series.upper, values)]
    for (bound, tree) in zip(bounds, [series.lower, series.upper]) where bound != bound.rounded() || abs(bound) > 1e9 {
      throw Unreadable(
        text: Wording(
          "`\(tree.latex)` is a bound and must be a whole number; here it is \(bound.shortText)",
          "`\(tree.latex)` 是上下限，应为整数；这里是 \(bound.shortText)"))
    }
    var inner = values
    let letter = Expression.Symbol(Name(base: series.index)).latex
    var result = series.operation == .sum ? 0.0 : 1.0
    var step = bounds[0]
    while step <= bounds[1] {
      inner[letter] = step
      let term = try value(series.body, inner)
      result = series.operation == .sum ? result + term : result * term
      step += 1
    }
    return result
  }
}

extension Expression {
  /// The names that it is made of, without the letters that run in its sums.
  var freeLetters: Set<String> {
    switch kind {
    case .symbol(let symbol): return [symbol.latex]
    case .analysis(.series(let series)):
      let own = series.body.freeLetters.subtracting([Symbol(Name(base: series.index)).latex])
      return own.union(series.lower.freeLetters).union(series.upper.freeLetters)
    default: return kind.operands.reduce(into: []) { $0.formUnion($1.freeLetters) }
    }
  }
}
