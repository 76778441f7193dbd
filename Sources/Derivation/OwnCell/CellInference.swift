// From forward equations to a cell: what is a state, an input, a parameter; rows or columns; how long everything is.

import Diagnostics
import Formula
import Recurrence

/// Works out quantities and shapes of a cell from its equations.
struct CellInference {
  private let equations: [ForwardEquation]
  private let source: SourceText
  private var lengths = Lengths()
  /// The length of each timed name and of each parameter that is a vector.
  private var vectors: [Name: Length] = [:]
  /// What goes in and what comes out of each parameter that is a matrix, as it stands.
  private var matrices: [Name: (rows: Length, columns: Length)] = [:]
  private var scalars: Set<Name> = []
  /// The first product with the matrix in front of a vector, and the first with it behind.
  private var columns: Range<Int>?
  private var rows: Range<Int>?

  /// Whether a matrix stands in front of a vector in one place and behind one in another.
  var isMixed: Bool { columns != nil && rows != nil }

  let defined: Set<Name>
  let states: [Name]
  let inputs: [Name]
  let parameters: [Name]

  /// What a value is while lengths are worked out.
  private enum Kind {
    case number
    case vector(Length)
    case matrix(rows: Length, columns: Length)
  }

  /// - Parameter equations: of step t; inputs are read at t only.
  init(_ equations: [ForwardEquation], source: SourceText) {
    self.equations = equations
    self.source = source
    var order: [Name] = []
    var earlier: Set<Name> = []
    var present: Set<Name> = []
    for equation in equations {
      _ = equation.right.mapSymbols { symbol in
        if !order.contains(symbol.name) { order.append(symbol.name) }
        if symbol.times == [.previous] { earlier.insert(symbol.name) }
        if symbol.times == [.present] { present.insert(symbol.name) }
        return symbol
      }
    }
    let left = equations.flatMap { $0.left.map(\.name) }
    defined = Set(left)
    states = left.filter { earlier.contains($0) }
    let own = defined
    inputs = order.filter { present.contains($0) && !own.contains($0) }
    parameters = order.filter { !present.contains($0) && !earlier.contains($0) && !own.contains($0) }
  }

  // MARK: Lengths

  private func fail(_ message: Message, at range: Range<Int>) -> Diagnostic {
    Diagnostic(message, in: source, at: range)
  }

  private mutating func vector(_ name: Name) -> Length {
    if let known = vectors[name] { return known }
    let length = lengths.fresh()
    vectors[name] = length
    return length
  }

  private mutating func unify(_ a: Kind, _ b: Kind, at range: Range<Int>) throws(Diagnostic) -> Kind {
    switch (a, b) {
    case (.number, _): return b
    case (_, .number): return a
    case (.vector(let one), .vector(let other)) where lengths.unify(one, other): return a
    case (.matrix(let r1, let c1), .matrix(let r2, let c2)) where lengths.unify(r1, r2) && lengths.unify(c1, c2):
      return a
    default: throw fail("`\(source.substring(range))` does not fit together in shape", at: range)
    }
  }

  private mutating func kind(_ expression: Expression) throws(Diagnostic) -> Kind {
    let range = expression.range
    switch expression.kind {
    case .number, .constant: return .number
    case .symbol(let symbol):
      if symbol.times.isEmpty, symbol.name.isScalarLetter {
        scalars.insert(symbol.name)
        return .number
      }
      if symbol.times.isEmpty, matrices[symbol.name] != nil {
        throw fail("`\(symbol.latex)` is a matrix elsewhere and a vector here", at: range)
      }
      return .vector(vector(symbol.name))
    case .negated(let value): return try kind(value)
    case .sum(let left, let right), .difference(let left, let right), .hadamard(let left, let right),
      .star(let left, let right), .quotient(let left, let right):
      let a = try kind(left)
      return try unify(a, try kind(right), at: range)
    case .power(let base, _): return try kind(base)
    case .call(let function, _, let arguments):
      var result = try kind(arguments[0])
      for argument in arguments.dropFirst() { result = try unify(result, try kind(argument), at: range) }
      return function == .sum || function == .mean ? .number : result
    case .block(let rows):
      var whole: Length?
      for part in rows.flatMap({ $0 }) {
        guard case .vector(let length) = try kind(part) else {
          throw fail("only vectors are put together in the equations of a text", at: part.range)
        }
        whole = whole.map { $0 + length } ?? length
      }
      return whole.map { .vector($0) } ?? .number
    case .product: return try product(expression)
    case .transposed, .tensor, .analysis:
      throw fail("`\(source.substring(range))` is not read in the equations of a text", at: range)
    }
  }

  /// A matrix as a factor: a parameter, transposed or not.
  private mutating func factor(_ expression: Expression) -> Kind? {
    if case .transposed(let inner) = expression.kind {
      guard case .matrix(let rows, let columns)? = factor(inner) else { return nil }
      return .matrix(rows: columns, columns: rows)
    }
    guard case .symbol(let symbol) = expression.kind, symbol.times.isEmpty, parameters.contains(symbol.name),
      !symbol.name.isScalarLetter, vectors[symbol.name] == nil
    else { return nil }
    let known = matrices[symbol.name] ?? (lengths.fresh(), lengths.fresh())
    matrices[symbol.name] = known
    return .matrix(rows: known.rows, columns: known.columns)
  }

  private mutating func product(_ expression: Expression) throws(Diagnostic) -> Kind {
    guard case .product(let left, let right) = expression.kind else { return try kind(expression) }
    if let matrix = factor(left), case .matrix(let height, let width) = matrix {
      guard case .vector(let length) = try kind(right) else {
        throw fail("a matrix stands before a vector here, or behind one", at: expression.range)
      }
      columns = columns ?? expression.range
      guard lengths.unify(width, length) else {
        throw fail("`\(source.substring(expression.range))` does not fit in shape", at: expression.range)
      }
      return .vector(height)
    }
    if let matrix = factor(right), case .matrix(let height, let width) = matrix {
      let a = try kind(left)
      guard case .vector(let length) = a else {
        throw fail("a matrix stands before a vector here, or behind one", at: expression.range)
      }
      rows = rows ?? expression.range
      guard lengths.unify(height, length) else {
        throw fail("`\(source.substring(expression.range))` does not fit in shape", at: expression.range)
      }
      return .vector(width)
    }
    let (a, b) = (try kind(left), try kind(right))
    switch (a, b) {
    case (.number, _): return b
    case (_, .number): return a
    default:
      throw fail(
        "`\(source.substring(expression.range))` is a product of two vectors; write `\\odot`", at: expression.range)
    }
  }

  // MARK: The cell

  /// The cell, built and checked.
  ///
  /// - Parameters:
  ///   - sheet: whose conventions of Jacobians and losses are kept.
  ///   - functions: letters that stand for a function.
  mutating func cell(like sheet: CellDeclaration, functions: [String: Function]) throws(DiagnosticList) -> Cell {
    do { try settle() } catch { throw DiagnosticList([error]) }
    var letters: [Int: String] = [:]
    var free = ["H", "D", "K", "M", "P", "Q", "R", "E", "F", "G", "J", "S", "U", "V", "W", "Z"].reversed() as [String]
    func name(_ length: Length) {
      for unknown in lengths.resolved(length).terms.keys.sorted() where letters[unknown] == nil {
        letters[unknown] = free.popLast() ?? "Y"
      }
    }
    for state in states { if let length = vectors[state] { name(length) } }
    for input in inputs { if let length = vectors[input] { name(length) } }
    for length in vectors.values.sorted(by: { $0.terms.description < $1.terms.description }) { name(length) }
    for (rows, columns) in matrices.values.map({ ($0.rows, $0.columns) }) {
      name(rows)
      name(columns)
    }
    func axis(_ length: Length) -> String {
      lengths.resolved(length).terms.map { (letters[$0.key] ?? "Y", $0.value) }.sorted { $0.0 < $1.0 }
        .map { $0.1 == 1 ? $0.0 : "\($0.1)\($0.0)" }.joined(separator: "+")
    }
    func axes(_ name: Name) -> Cell.Axes {
      if let matrix = matrices[name] { return (name, [axis(matrix.rows), axis(matrix.columns)]) }
      return (name, scalars.contains(name) ? [] : vectors[name].map { [axis($0)] } ?? [])
    }
    var declaration = CellDeclaration(name: sheet.name, source: source, range: 0..<0)
    declaration.layout = rows == nil ? .columns : .rows
    declaration.jacobian = sheet.jacobian
    declaration.loss = sheet.loss
    declaration.batch = sheet.batch
    for letter in letters.values { declaration.sizes[letter] = 3 }
    declaration.sizes["N"] = 1
    return try Cell(
      declaration, inputs: inputs.map(axes), states: states.map(axes), parameters: parameters.map(axes),
      equations: equations, functions: functions)
  }

  private mutating func settle() throws(Diagnostic) {
    // Products first: they say which parameters are matrices.
    for equation in equations { findMatrices(equation.right) }
    for equation in equations {
      let right = try kind(equation.right)
      guard case .vector(let length) = right else {
        throw fail("`\(equation.left[0].latex)` is no vector here", at: equation.range)
      }
      let parts = equation.left.map { vector($0.name) }
      var whole = parts[0]
      for part in parts.dropFirst() {
        guard lengths.unify(part, parts[0]) else { throw fail("the parts are not equally long", at: equation.range) }
        whole = whole + parts[0]
      }
      guard lengths.unify(length, parts.count == 1 ? parts[0] : lengths.resolved(whole)) else {
        throw fail("the two sides do not fit in shape", at: equation.range)
      }
    }
    if let columns, let rows {
      throw fail(
        "`\(source.substring(columns))` is written in columns, `\(source.substring(rows))` in rows: which?", at: rows)
    }
  }

  private mutating func findMatrices(_ expression: Expression) {
    if case .product(let left, let right) = expression.kind {
      if case .number = left.kind {} else if factor(left) == nil { _ = factor(right) }
    }
    for operand in expression.kind.operands { findMatrices(operand) }
  }
}

extension Name {
  /// Whether people give it to a number: a small Greek letter without a label.
  fileprivate var isScalarLetter: Bool {
    label.isEmpty && upperLabel.isEmpty && accents.isEmpty
      && ["alpha", "beta", "gamma", "lambda", "eta", "epsilon", "tau", "mu", "kappa", "rho"].contains(base)
  }
}
