// Constants that take their size from what they meet: I, the vector of ones, the matrix of ones, and multiples of them.

import Diagnostics
import Formula

extension GraphBuilder {
  /// What such a constant is multiplied by: a number, or a node that is a scalar.
  enum Factor {
    case number(Double)
    case node(Int)

    /// A value that is known to be one of the two.
    init(_ value: Value) {
      switch value {
      case .number(let number): self = .number(number)
      case .node(let node): self = .node(node)
      default: preconditionFailure("a factor is a number or a scalar node")
      }
    }

    var value: Value {
      switch self {
      case .number(let number): .number(number)
      case .node(let node): .node(node)
      }
    }
  }

  /// a I + b 1 1ᵀ; a part that is nil is not there.
  struct MatrixForm {
    var identity: Factor?
    var all: Factor?

    var name: Message {
      all == nil ? "`I`" : identity == nil ? "the matrix of ones" : "the sum of `I` and the matrix of ones"
    }
  }

  func sizeless(_ form: MatrixForm, at range: Range<Int>) -> Diagnostic {
    fail("\(form.name) has no size here; add it to a matrix, or multiply it with a vector or a matrix", at: range)
  }

  // MARK: Sizes as numbers

  /// The letter of a size, such as `H` in `\frac{1}{H}`; nil for any other name.
  mutating func sizeAsNumber(_ name: Name, at range: Range<Int>) throws(Diagnostic) -> Value? {
    guard name == Name(base: name.base), !quantities.all.contains(where: { $0.name == name }) else { return nil }
    guard name.base != "N" else {
      throw fail("`N` counts the samples, and the equations of a cell are about one sample; leave it out", at: range)
    }
    guard sizes.contains(name.base) else { return nil }
    let ones = add(.constant(1), [], Shape(.vector(.letter(name.base))), range)
    return .node(add(.featureSum, [ones], Shape(.scalar), range))
  }

  // MARK: Element by element

  /// The value of an element-wise operation on such a constant; nil where neither operand is one.
  mutating func elementwiseConstant(
    _ operation: Operation, _ left: Value, _ right: Value, at range: Range<Int>
  ) throws(Diagnostic) -> Value? {
    switch (left, right) {
    case (.form, _), (_, .form): return try elementwiseForm(operation, left, right, at: range)
    case (.ones(let a, let isTransposed), .ones(let b, let other)):
      guard isTransposed == other else { throw turned(at: range) }
      return .ones(Factor(try elementwise(operation, a.value, b.value, at: range)), isTransposed: isTransposed)
    case (.ones(let factor, let isTransposed), _):
      return try elementwiseOnes(isTransposed, right, at: range) { (builder, other) throws(Diagnostic) in
        try builder.elementwise(operation, factor.value, other, at: range)
      }
    case (_, .ones(let factor, let isTransposed)):
      return try elementwiseOnes(isTransposed, left, at: range) { (builder, other) throws(Diagnostic) in
        try builder.elementwise(operation, other, factor.value, at: range)
      }
    default: return nil
    }
  }

  func turned(at range: Range<Int>) -> Diagnostic {
    fail("a vector and a transposed vector stand on the two sides of an element-wise operation", at: range)
  }

  /// A vector of ones meets another value entry by entry: its factor meets each entry.
  private mutating func elementwiseOnes(
    _ isTransposed: Bool, _ other: Value, at range: Range<Int>,
    _ meet: (inout GraphBuilder, Value) throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    if isNumber(other) { return .ones(Factor(try meet(&self, other)), isTransposed: isTransposed) }
    switch other {
    case .node(let node):
      if case .matrix = shape(node).axes { break }
      // Where samples are rows, a vector of ones is written as a row or as a column.
      guard !isTransposed || layout == .rows else { throw turned(at: range) }
      return try meet(&self, other)
    case .transposed(let node):
      guard isTransposed || layout == .rows else { throw turned(at: range) }
      guard case .node(let result) = try meet(&self, .node(node)) else { break }
      return .transposed(result)
    default: break
    }
    throw fail(
      "a vector of ones and a matrix stand on the two sides of an element-wise operation; write `\\mathbf 1\\mathbf 1^\\top` for a matrix of ones",
      at: range)
  }

  private mutating func elementwiseForm(
    _ operation: Operation, _ left: Value, _ right: Value, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    let isSum = operation == .add || operation == .subtract
    switch (left, right) {
    case (.form(let a), .form(let b)) where isSum:
      return .form(
        MatrixForm(
          identity: try sum(operation, a.identity, b.identity, at: range),
          all: try sum(operation, a.all, b.all, at: range)))
    case (.form(let a), .form(let b)) where operation == .hadamard:
      let crossed = try sum(
        .add, try times(a.identity, b.all, at: range), try times(a.all, b.identity, at: range), at: range)
      return .form(
        MatrixForm(
          identity: try sum(.add, try times(a.identity, b.identity, at: range), crossed, at: range),
          all: try times(a.all, b.all, at: range)))
    case (.form(let form), .diagonal(let node)) where form.all == nil && (isSum || operation == .hadamard):
      return try onDiagonal(try elementwise(operation, form.identity!.value, .node(node), at: range))
    case (.diagonal(let node), .form(let form)) where form.all == nil && (isSum || operation == .hadamard):
      return try onDiagonal(try elementwise(operation, .node(node), form.identity!.value, at: range))
    case (.form(let form), let other), (let other, .form(let form)):
      if isNumber(other), operation == .hadamard { return try scaled(form, by: other, at: range) }
      if isNumber(other) { throw rules.numberWithConstant(form.name, at: range) }
      guard let (rows, columns) = try matrixSize(other, at: range) else {
        throw fail(
          "\(form.name) is a matrix, and here it meets a vector; multiply it with the vector first", at: range)
      }
      let sized = Value.node(try self.sized(form, rows, columns, at: range))
      let isFirst = if case .form = left { true } else { false }
      return try elementwise(operation, isFirst ? sized : left, isFirst ? right : sized, at: range)
    default: preconditionFailure("no matrix form here")
    }
  }

  func onDiagonal(_ value: Value) throws(Diagnostic) -> Value {
    guard case .node(let node) = value else { preconditionFailure("a diagonal has entries") }
    return .diagonal(node)
  }

  /// Rows and columns of a matrix or a diagonal; nil for other values.
  private func matrixSize(_ value: Value, at range: Range<Int>) throws(Diagnostic) -> (Dimension, Dimension)? {
    switch value {
    case .node(let node): if case .matrix(let rows, let columns) = shape(node).axes { return (rows, columns) }
    case .diagonal(let node): if case .vector(let size) = shape(node).axes { return (size, size) }
    case .form(let form): throw sizeless(form, at: range)
    default: break
    }
    return nil
  }

  /// The constant as a node of a size.
  private mutating func sized(
    _ form: MatrixForm, _ rows: Dimension, _ columns: Dimension, at range: Range<Int>
  ) throws(Diagnostic) -> Int {
    let square = Shape(.matrix(rows, columns))
    var result: Int?
    if let factor = form.identity {
      guard rows == columns else {
        throw fail("`I` is square, and here it meets \(square.text)", at: range)
      }
      result = add(.diagonal, [try filled(Shape(.vector(rows)), with: factor, at: range)], square, range)
    }
    if let factor = form.all {
      let all = try filled(square, with: factor, at: range)
      result = result.map { add(.add, [$0, all], square, range) } ?? all
    }
    guard let result else { throw sizeless(form, at: range) }
    return result
  }

  /// A node of a shape with one number in every entry.
  private mutating func filled(_ shape: Shape, with factor: Factor, at range: Range<Int>) throws(Diagnostic) -> Int {
    switch factor {
    case .number(let number): return add(.constant(number), [], shape, range)
    case .node(let node):
      let isBatched = self.shape(node).isBatched
      if isBatched, case .matrix = shape.axes { throw manyMatrices(at: range) }
      return try spread(node, to: shape.batched(isBatched), at: range)
    }
  }

  func manyMatrices(at range: Range<Int>) -> Diagnostic {
    fail(
      "that is a matrix for each sample, which a cell cannot hold; multiply the vector with each of its terms",
      at: range
    )
  }

  // MARK: Factors

  private mutating func sum(
    _ operation: Operation, _ left: Factor?, _ right: Factor?, at range: Range<Int>
  ) throws(Diagnostic) -> Factor? {
    guard let right else { return left }
    guard let left else {
      return operation == .add ? right : Factor(try scaled(right.value, by: -1, at: range))
    }
    return Factor(try elementwise(operation, left.value, right.value, at: range))
  }

  private mutating func times(_ left: Factor?, _ right: Factor?, at range: Range<Int>) throws(Diagnostic) -> Factor? {
    guard let left, let right else { return nil }
    return Factor(try product(left.value, right.value, at: range))
  }

  private mutating func scaled(
    _ form: MatrixForm, by number: Value, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    let factor = Factor(number)
    return .form(
      MatrixForm(
        identity: try times(form.identity, factor, at: range), all: try times(form.all, factor, at: range)))
  }

  // MARK: Products

  /// The product with such a constant; nil where neither factor is one.
  mutating func constantProduct(
    _ left: Value, _ right: Value, at range: Range<Int>
  ) throws(Diagnostic) -> Value? {
    switch (left, right) {
    case (.form(let form), let number) where isNumber(number): return try scaled(form, by: number, at: range)
    case (let number, .form(let form)) where isNumber(number): return try scaled(form, by: number, at: range)
    case (.ones(let factor, let isTransposed), let number) where isNumber(number):
      return .ones(Factor(try product(factor.value, number, at: range)), isTransposed: isTransposed)
    case (let number, .ones(let factor, let isTransposed)) where isNumber(number):
      return .ones(Factor(try product(number, factor.value, at: range)), isTransposed: isTransposed)
    case (.form(let a), .form(let b)):
      guard a.all == nil || b.all == nil else { throw sizeless(a, at: range) }
      let all = try sum(
        .add, try times(a.identity, b.all, at: range), try times(a.all, b.identity, at: range), at: range)
      return .form(MatrixForm(identity: try times(a.identity, b.identity, at: range), all: all))
    case (.form(let form), let other): return try product(form, other, formIsLeft: true, at: range)
    case (let other, .form(let form)): return try product(form, other, formIsLeft: false, at: range)
    case (.ones(let a, let isTransposed), .ones(let b, let other)):
      guard isTransposed != other else {
        throw fail(
          "two vectors of ones have no product; write `\\mathbf 1\\mathbf 1^\\top` for a matrix of ones", at: range)
      }
      guard layout == .rows || other else {
        throw fail(
          "`\\mathbf 1^\\top \\mathbf 1` has no size here; write the letter of the size, such as `H`", at: range)
      }
      return .form(MatrixForm(all: try times(a, b, at: range)))
    case (.ones(let factor, let isTransposed), let other):
      return try product(factor, isTransposed, other, onesAreLeft: true, at: range)
    case (let other, .ones(let factor, let isTransposed)):
      return try product(factor, isTransposed, other, onesAreLeft: false, at: range)
    default: return nil
    }
  }

  /// (a I + b 1 1ᵀ) x, or x (a I + b 1 1ᵀ).
  private mutating func product(
    _ form: MatrixForm, _ other: Value, formIsLeft: Bool, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    guard let all = form.all else {
      let factor = form.identity!.value
      if case .ones(let own, let isTransposed) = other {
        return .ones(Factor(try product(factor, own.value, at: range)), isTransposed: isTransposed)
      }
      return try product(factor, other, at: range)
    }
    if let (rows, columns) = try matrixSize(other, at: range) {
      let size = formIsLeft ? rows : columns
      let sized = Value.node(try self.sized(form, size, size, at: range))
      return try formIsLeft ? product(sized, other, at: range) : product(other, sized, at: range)
    }
    guard let node = node(of: other), case .vector = shape(node).axes else { throw sizeless(form, at: range) }
    guard isColumn(other) == formIsLeft else {
      throw fail(
        "\(form.name) and \(shape(node).text): a matrix stands left of a column and right of a row", at: range)
    }
    let total = add(.featureSum, [node], Shape(.scalar, isBatched: shape(node).isBatched), range)
    let isTransposed = if case .transposed = other { true } else { false }
    let spread = Value.ones(
      Factor(try product(all.value, .node(total), at: range)), isTransposed: isTransposed)
    guard let identity = form.identity else { return spread }
    return try elementwise(.add, try product(identity.value, other, at: range), spread, at: range)
  }

  /// A vector of ones beside a vector, a matrix or a diagonal.
  private mutating func product(
    _ factor: Factor, _ isTransposed: Bool, _ other: Value, onesAreLeft: Bool, at range: Range<Int>
  ) throws(Diagnostic) -> Value {
    // Where samples are rows, authors write the vector of ones as a column or as a row.
    let fits = layout == .rows || isTransposed == onesAreLeft
    if case .diagonal(let node) = other {
      guard case .node(let result) = try product(factor.value, .node(node), at: range), fits else {
        throw misplacedOnes(at: range)
      }
      return onesAreLeft == (layout == .columns) ? .transposed(result) : .node(result)
    }
    guard let node = node(of: other) else { throw misplacedOnes(at: range) }
    // `b 1ᵀ`, as batches are written: the same vector for every sample, which it is here without the ones.
    if case .vector = shape(node).axes, !shape(node).isBatched, isColumn(other) != onesAreLeft,
      onesAreLeft == (layout == .rows), layout == .rows || isTransposed
    {
      return try product(factor.value, other, at: range)
    }
    guard fits else { throw misplacedOnes(at: range) }
    if case .matrix(let rows, let columns) = shape(node).axes {
      let ones = try filled(Shape(.vector(onesAreLeft ? rows : columns)), with: factor, at: range)
      let isBare = onesAreLeft == (layout == .rows)
      let vector = isBare ? Value.node(ones) : .transposed(ones)
      return try onesAreLeft ? product(vector, other, at: range) : product(other, vector, at: range)
    }
    guard isColumn(other) == onesAreLeft else { throw misplacedOnes(at: range) }
    let total = add(.featureSum, [node], Shape(.scalar, isBatched: shape(node).isBatched), range)
    return try product(factor.value, .node(total), at: range)
  }

  private func misplacedOnes(at range: Range<Int>) -> Diagnostic {
    fail(
      "this product with a vector of ones has no size; `\\mathbf 1^\\top h` is the sum of the entries, `W \\mathbf 1` the sums of the rows",
      at: range)
  }
}
