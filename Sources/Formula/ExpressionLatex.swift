// A tree back to LaTeX, with the brackets that were understood.

extension Expression {
  fileprivate enum Level: Int, Comparable {
    case sum, hadamard, product, factor

    fileprivate static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// The tree as LaTeX; brackets stand wherever another reading would differ.
  public var latex: String { kind.latex }

  private func latex(within level: Level) -> String {
    let text = latex
    return kind.level < level ? "(\(text))" : text
  }

  /// As the base of a superscript; what has one already stands in brackets.
  fileprivate func raisable(in kind: Kind) -> String {
    if case .quotient = self.kind { return "(\(latex))" }
    if case .symbol(let symbol) = self.kind, symbol.layer != nil || !symbol.name.upperLabel.isEmpty {
      return "(\(latex))"
    }
    return bracketed(in: kind, isRight: false)
  }

  fileprivate func bracketed(in kind: Kind, isRight: Bool) -> String {
    switch kind {
    case .sum: return latex(within: .sum)
    case .difference:
      guard isRight else { return latex }
      switch self.kind {
      case .sum, .difference, .negated: return "(\(latex))"
      default: return latex
      }
    case .negated:
      switch self.kind {
      case .sum, .difference, .negated: return "(\(latex))"
      default: return latex
      }
    case .hadamard, .star:
      // Juxtaposition inside a Hadamard product: the brackets are what people misread.
      switch self.kind {
      case .hadamard where !isRight, .star where !isRight: return latex
      default: return latex(within: .factor)
      }
    case .product, .tensor, .quotient:
      switch self.kind {
      case .product where !isRight: return latex
      case .analysis(.repetition) where isRight, .analysis(.series) where isRight,
        .analysis(.entries(.sum)) where isRight:
        return latex
      default: return latex(within: .factor)
      }
    default: return latex(within: .factor)
    }
  }
}

extension Expression.Kind {
  fileprivate var level: Expression.Level {
    switch self {
    case .sum, .difference, .negated: return .sum
    case .hadamard, .star: return .hadamard
    case .product, .tensor: return .product
    case .quotient: return .factor
    case .analysis(.repetition), .analysis(.series), .analysis(.entries(.sum)): return .product
    case .number(let number): return number < 0 ? .sum : .factor
    default: return .factor
    }
  }

  fileprivate var latex: String {
    switch self {
    case .number(let number):
      return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    case .symbol(let symbol): return symbol.latex
    case .constant(.identity): return "I"
    case .constant(.ones): return "\\mathbf{1}"
    case .constant(.zeros): return "\\mathbf{0}"
    case .negated(let value): return "-" + value.bracketed(in: self, isRight: true)
    case .sum(let left, let right):
      return left.bracketed(in: self, isRight: false) + " + " + right.bracketed(in: self, isRight: true)
    case .difference(let left, let right):
      return left.bracketed(in: self, isRight: false) + " - " + right.bracketed(in: self, isRight: true)
    case .product(let left, let right):
      return left.bracketed(in: self, isRight: false) + " " + right.bracketed(in: self, isRight: true)
    case .hadamard(let left, let right), .star(let left, let right):
      return left.bracketed(in: self, isRight: false) + " \\odot " + right.bracketed(in: self, isRight: true)
    case .tensor(let left, let right):
      return left.bracketed(in: self, isRight: false) + " \\otimes " + right.bracketed(in: self, isRight: true)
    case .quotient(let above, let below): return "\\frac{\(above.latex)}{\(below.latex)}"
    case .power(let base, let exponent): return "\(base.raisable(in: self))^{\(exponent.latex)}"
    case .transposed(let value): return "\(value.raisable(in: self))^\\top"
    case .call(.abs, _, let arguments): return "|\(arguments[0].latex)|"
    case .call(let function, let derivative, let arguments):
      let name = function.latex + String(repeating: "'", count: derivative)
      return "\(name)(\(arguments.map(\.latex).joined(separator: ", ")))"
    case .block(let rows):
      return "[" + rows.map { $0.map(\.latex).joined(separator: ", ") }.joined(separator: "; ") + "]"
    case .analysis(.derivative(let derivative)):
      let sign = derivative.isImmediate ? "\\partial^{+}" : "\\partial"
      return "\\frac{\(sign) \(derivative.of.latex)}{\\partial \(derivative.by.latex)}"
    case .analysis(.repetition(let repetition)):
      let index = Time(letter: repetition.index, offset: 0)
      return "\(repetition.operation.latex)_{\(index)=\(repetition.lower)}^{\(repetition.upper)} "
        + repetition.body.bracketed(in: self, isRight: true)
    case .analysis(.norm(.spectral, let value)): return "\\lVert \(value.latex)\\rVert"
    case .analysis(.norm(.frobenius, let value)): return "\\lVert \(value.latex)\\rVert_F"
    case .analysis(.norm(.radius, let value)): return "\\rho(\(value.latex))"
    case .analysis(.series(let series)):
      let index = Time(letter: series.index, offset: 0)
      return "\(series.operation.latex)_{\(index)=\(series.lower.latex)}^{\(series.upper.latex)} "
        + series.body.bracketed(in: self, isRight: true)
    case .analysis(.entries(let entries)): return entries.latex
    case .analysis(.counting(.binomial, let values)): return "\\binom{\(values[0].latex)}{\(values[1].latex)}"
    case .analysis(.counting(.factorial, let values)): return "\(values[0].raisable(in: self))!"
    case .analysis(.counting(.floor, let values)): return "\\lfloor \(values[0].latex)\\rfloor"
    case .analysis(.counting(.ceiling, let values)): return "\\lceil \(values[0].latex)\\rceil"
    }
  }
}

extension Repetition.Operation {
  fileprivate var latex: String {
    switch self {
    case .sum: return "\\sum"
    case .product: return "\\prod"
    case .hadamard: return "\\bigodot"
    }
  }
}
