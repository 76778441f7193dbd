// Entries to terms: which axis each letter of a place runs over.

import Diagnostics
import Formula
import Recurrence

extension Elaborator {
  mutating func entries(_ entries: EntryNotation, _ expecting: Size, at range: Range<Int>) throws(Diagnostic) -> Term {
    guard !context.isBatched else {
      throw fail(
        Message("this sheet speaks of a batch; entries are not read", "本题针对一个批量；不支持单个元素"), at: range)
    }
    switch entries {
    case .place(let value, let letters):
      let inner = try known(try term(value), at: value.range)
      return try place(inner, letters, at: range)
    case .slope(let tree, let of, let by): return try slope(tree, of, by, at: range)
    case .sum(let letter, let end, let body):
      let slot = scope.openPlace(letter)
      defer { scope.places.close() }
      let inner = try term(body, expecting: expecting)
      guard let size = scope.places.size(slot) else {
        throw fail(
          Message(
            "nothing here says which places `\(letter)` runs over", "这里看不出 `\(letter)` 取哪些下标"), at: range)
      }
      // The letters of sizes are the sheet's; a text with a cell of its own has others.
      if let end, !context.hasOwnCell, context.cell.declaration.sizes[end] != nil, Dimension(end) != size {
        throw fail(
          Message(
            "`\(letter)` runs over \(size) places here, not over \(end)", "`\(letter)` 在这里取 \(size) 个下标，而不是 \(end) 个"),
          at: range)
      }
      return Term(.placeSum(slot: slot, size), [inner], inner.size, range)
    case .kronecker(let a, let b):
      let (one, other) = (scope.place(a), scope.place(b))
      guard scope.places.join(one, other) else {
        throw unequal(a, scope.places.size(one)!, scope.places.size(other)!, range)
      }
      return Term(.kronecker(one, other), [], .scalar, range)
    case .unit(let letter, let value):
      let inner = try term(value, expecting: .scalar)
      guard inner.size.isScalar, let letter else {
        throw fail(
          Message(
            "`\\mathbb I_i(…)` takes a number and makes a vector; this is \(inner.size.text)",
            "`\\mathbb I_i(…)` 由一个标量得到向量；这里是 \(inner.size.text)"), at: range)
      }
      let slot = scope.place(letter)
      let size: Size
      switch (expecting.rows, expecting.columns) {
      case (let rows?, let columns?): size = Size(rows, columns)
      case (nil, let columns?): size = Size(Size.one, columns)
      case (let rows?, nil): size = Size(rows, Size.one)
      case (nil, nil): size = .open
      }
      if size.isKnown {
        guard size.isVector else {
          throw fail(
            Message("a vector stands here, and \(size.text) is needed", "这里是向量，而需要的是 \(size.text)"), at: range)
        }
        _ = try index(letter, over: size.rows == Size.one ? size.columns! : size.rows!, at: range)
      }
      return Term(.unit(slot: slot), [inner], size, range)
    }
  }

  private func unequal(_ letter: String, _ one: Dimension, _ other: Dimension, _ range: Range<Int>) -> Diagnostic {
    fail(
      Message(
        "`\(letter)` runs over \(one) places in one place and over \(other) in another",
        "`\(letter)` 在一处取 \(one) 个下标，在另一处取 \(other) 个"), at: range)
  }

  /// The slot of a letter that runs over an axis.
  private mutating func index(_ letter: String, over size: Dimension, at range: Range<Int>) throws(Diagnostic) -> Int {
    let slot = scope.place(letter)
    guard scope.places.fix(slot, size) else { throw unequal(letter, scope.places.size(slot)!, size, range) }
    return slot
  }

  /// The entry of a vector, or of a matrix.
  private mutating func place(_ value: Term, _ letters: [String], at range: Range<Int>) throws(Diagnostic) -> Term {
    let size = value.size
    guard !size.isScalar, let rows = size.rows, let columns = size.columns, letters.count == (size.isVector ? 1 : 2)
    else {
      let written = letters.joined()
      throw fail(
        Message(
          "`_{\(written)}` names \(letters.count == 1 ? "one place" : "two places"), and this is \(size.text)",
          "`_{\(written)}` 给出\(letters.count == 1 ? "一个下标" : "两个下标")，而这里是 \(size.text)"), at: range)
    }
    if letters.count == 2 {
      let row = try index(letters[0], over: rows, at: range)
      let column = try index(letters[1], over: columns, at: range)
      return Term(.entry(row: row, column: column), [value], .scalar, range)
    }
    let isColumn = columns == Size.one
    let slot = try index(letters[0], over: isColumn ? rows : columns, at: range)
    return Term(.entry(row: isColumn ? slot : nil, column: isColumn ? nil : slot), [value], .scalar, range)
  }

  /// The derivative of an entry, by an entry, or of an entry by an entry.
  private mutating func slope(
    _ tree: Expression, _ of: [String], _ by: [String], at range: Range<Int>
  ) throws(Diagnostic) -> Term {
    guard case .analysis(.derivative(let derivative)) = tree.kind else {
      throw fail(Message("this is no derivative", "这不是导数"), at: range)
    }
    if isLoss(derivative.of) {
      guard of.isEmpty else { throw fail(Message("the loss is a number and has no entries", "损失是标量，没有元素"), at: range) }
      return try place(try self.derivative(derivative, at: tree.range), by, at: range)
    }
    let slope = try self.slope(derivative, at: range)
    guard of.count <= 1 else {
      throw fail(Message("a vector has one place", "向量只有一个下标"), at: range)
    }
    if isMatrix(slope.by) {
      guard by.count == 2, let rows = context.size(of: slope.by).rows, let columns = context.size(of: slope.by).columns
      else {
        throw fail(
          Message("an entry of a matrix has two places: `u_{ij}`", "矩阵的元素有两个下标：`u_{ij}`"), at: range)
      }
      let row = try index(by[0], over: rows, at: range)
      let column = try index(by[1], over: columns, at: range)
      let length = context.length(slope.of)
      let inner = Term(
        .slopeByEntry(slope, row: row, column: column), [],
        context.isDenominator ? Size(Size.one, length) : Size(length, Size.one), range)
      return of.isEmpty ? inner : try place(inner, of, at: range)
    }
    guard by.count <= 1 else { throw fail(Message("a vector has one place", "向量只有一个下标"), at: range) }
    let inner = try self.derivative(derivative, at: tree.range)
    var above: Int?
    var below: Int?
    if let letter = of.first { above = try index(letter, over: context.length(slope.of), at: range) }
    if let letter = by.first { below = try index(letter, over: context.length(slope.by), at: range) }
    let (row, column) = context.isDenominator ? (below, above) : (above, below)
    return Term(
      .entry(row: row, column: column), [inner],
      Size(row == nil ? inner.size.rows : Size.one, column == nil ? inner.size.columns : Size.one), range)
  }
}
