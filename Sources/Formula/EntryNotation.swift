// Entries of vectors and matrices: letters that stand for a place along an axis, and not for a step.

/// What a derivation writes entry by entry.
public indirect enum EntryNotation: Sendable, Hashable {
  /// `[v]_i`, `u_{ij}`: the entry of a value at the places of one or two letters.
  case place(Expression, [String])
  /// `\frac{\partial h_{t,i}}{\partial u_{jk}}`: the derivative, with the places of what is differentiated and of what it is
  /// differentiated by; without places it is the whole of it.
  case slope(Expression, of: [String], by: [String])
  /// `\sum_j`: the sum over the places along an axis; what is written above the sign, where it is one letter.
  case sum(String, upTo: String?, Expression)
  /// `\delta_{ij}`, `\mathbf 1_{i=j}`: 1 at equal places, else 0.
  case kronecker(String, String)
  /// `\mathbb I_i(a)`, `[0, \dots, a, \dots, 0]`: the vector with a number at one place and 0 elsewhere; nil where the place
  /// is not written.
  case unit(String?, Expression)

  var operands: [Expression] {
    switch self {
    case .place(let value, _), .slope(let value, _, _), .sum(_, _, let value), .unit(_, let value): [value]
    case .kronecker: []
    }
  }

  func replacing(_ new: [Expression]) -> EntryNotation {
    switch self {
    case .place(_, let letters): .place(new[0], letters)
    case .slope(_, let of, let by): .slope(new[0], of: of, by: by)
    case .sum(let letter, let end, _): .sum(letter, upTo: end, new[0])
    case .kronecker: self
    case .unit(let letter, _): .unit(letter, new[0])
    }
  }

  /// The letters of the node itself that are not bound in it.
  fileprivate var letters: Set<String> {
    switch self {
    case .place(_, let letters): Set(letters)
    case .slope(_, let of, let by): Set(of + by)
    case .sum: []
    case .kronecker(let a, let b): [a, b]
    case .unit(let letter, _): Set([letter].compactMap(\.self))
    }
  }

  /// What the node is, apart from its operand.
  public var label: String {
    switch self {
    case .place(_, let letters): "place\(letters)"
    case .slope(_, let of, let by): "slope\(of)\(by)"
    case .sum(let letter, _, _): "sum\(letter)"
    case .kronecker(let a, let b): "kronecker\([a, b].sorted())"
    case .unit(let letter, _): "unit\(letter ?? "")"
    }
  }

  /// The node as LaTeX.
  var latex: String {
    func placed(_ text: String, _ letters: [String]) -> String {
      letters.isEmpty ? text : letters.count == 1 ? "[\(text)]_\(letters[0])" : "[\(text)]_{\(letters.joined())}"
    }
    switch self {
    case .place(let value, let letters): return placed(value.latex, letters)
    case .slope(let value, let of, let by):
      guard case .analysis(.derivative(let derivative)) = value.kind else { return placed(value.latex, of + by) }
      let sign = derivative.isImmediate ? "\\partial^{+}" : "\\partial"
      return "\\frac{\(sign) \(placed(derivative.of.latex, of))}{\\partial \(placed(derivative.by.latex, by))}"
    case .sum(let letter, _, let body):
      switch body.kind {
      case .sum, .difference, .negated: return "\\sum_\(letter) (\(body.latex))"
      default: return "\\sum_\(letter) \(body.latex)"
      }
    case .kronecker(let a, let b): return "\\delta_{\(a)\(b)}"
    case .unit(let letter, let value):
      return letter.map { "\\mathbb{I}_\($0)(\(value.latex))" } ?? "[0, \\dots, \(value.latex), \\dots, 0]"
    }
  }
}

extension Expression {
  /// The letters that stand in it for places and that no sum in it binds.
  public var placeLetters: Set<String> {
    let inner = kind.operands.reduce(into: Set<String>()) { $0.formUnion($1.placeLetters) }
    guard case .analysis(.entries(let entries)) = kind else { return inner }
    if case .sum(let letter, _, _) = entries { return inner.subtracting([letter]) }
    return inner.union(entries.letters)
  }

  /// The tree with the place that `[0, \dots, a, \dots, 0]` leaves open: the one letter of the other side that it lacks; nil
  /// where that is not one letter.
  func placingUnits(_ letters: Set<String>) -> Expression? {
    var isWhole = true
    let free = letters.subtracting(placeLetters)
    let placed = rebuilt { node in
      guard case .analysis(.entries(.unit(nil, let value))) = node.kind else { return node }
      guard free.count == 1, let letter = free.first else {
        isWhole = false
        return node
      }
      return node.with(.analysis(.entries(.unit(letter, value))))
    }
    return isWhole ? placed : nil
  }
}
