// A chain of entries as a chain of whole vectors or matrices: a full set of entries states the whole.

import Diagnostics
import Formula
import Recurrence

/// The members of a chain with the free letters of places made to axes, as far as a matrix has axes.
struct EntryChain {
  private(set) var terms: [Term?]
  /// Why members have no reading, by member.
  private(set) var failures: [Int: Diagnostic] = [:]
  /// Letters that are more than a matrix has axes: the chain is tested at each of their places.
  private(set) var open: [PlaceLetters.Range] = []
  private(set) var notes: [Wording] = []

  init(_ scope: Scope, _ terms: [Term?], _ statement: Statement) {
    self.terms = terms
    guard !scope.places.all.isEmpty else { return }
    func fail(_ message: Message) -> Diagnostic { Diagnostic(message, in: statement.source, at: statement.range) }
    func refuseAll(_ message: Message) {
      for index in terms.indices { failures[index] = fail(message) }
      self.terms = terms.map { _ in nil }
    }
    if let letter = scope.mixed {
      refuseAll(Scope.mixing(letter))
      return
    }
    let free = scope.places.free.compactMap { letter, slot in
      scope.places.size(slot).map { PlaceLetters.Range(letter: letter, slot: slot, size: $0) }
    }
    guard free.count == scope.places.free.count, free.count <= 3 else {
      refuseAll(
        Message(
          "nothing here says which places `\(scope.places.free.map(\.letter).joined(separator: ","))` run over",
          "这里看不出 `\(scope.places.free.map(\.letter).joined(separator: ","))` 取哪些下标"))
      return
    }
    guard !free.isEmpty else { return }
    let slots = Set(free.map(\.slot))
    // A letter that stands on one side only has no reading: what stands twice is not summed by itself.
    let used = terms.map { $0.map { $0.places.intersection(slots) } }
    let common = used.compactMap(\.self).first { !$0.isEmpty } ?? []
    for (index, own) in used.enumerated() {
      guard let own, own != common, !(own.isEmpty && terms[index]!.isNumber) else { continue }
      if own.isEmpty, let whole = terms[index], !whole.size.isScalar {
        failures[index] = fail(
          Message(
            "the other side is single entries, and this is a whole \(whole.size.isMatrix ? "matrix" : "vector") of \(whole.size.text); write both by entries or both whole",
            "另一边是单个元素，这里却是整个 \(whole.size.text) 的\(whole.size.isMatrix ? "矩阵" : "向量")；请两边都写元素，或都写整体"))
        self.terms[index] = nil
        continue
      }
      let stray = own.symmetricDifference(common).min().flatMap { slot in free.first { $0.slot == slot } }
      let letter = stray?.letter ?? "?"
      failures[index] = fail(
        Message(
          "`\(letter)` stands for a place on one side only; is `\\sum_\(letter)` missing? A letter that stands twice is not summed by itself",
          "`\(letter)` 作为下标只在一边自由出现；是否少了 `\\sum_\(letter)`？重复出现的下标不会自动求和"))
      self.terms[index] = nil
    }
    notes = [Self.note(free)]
    guard free.count <= 2, terms.allSatisfy({ $0?.size.isScalar ?? true }) else {
      open = free
      return
    }
    let (row, column) = Self.axes(free, terms)
    func size(_ slot: Int?) -> Dimension { slot.flatMap { slot in free.first { $0.slot == slot }?.size } ?? Size.one }
    let whole = Size(size(row), size(column))
    self.terms = self.terms.map { $0.map { Self.lifted($0, row, column, whole) } }
  }

  private static func note(_ free: [PlaceLetters.Range]) -> Wording {
    let english = free.map { "`\($0.letter)` from 1 to \($0.size)" }.joined(separator: ", ")
    let chinese = free.map { "`\($0.letter)` 取 1 到 \($0.size)" }.joined(separator: "，")
    return Wording("read entry by entry: \(english)", "按元素理解：\(chinese)")
  }

  /// Which letter is the row and which the column: as in a member that is one entry of something, else the first is the row.
  private static func axes(_ free: [PlaceLetters.Range], _ terms: [Term?]) -> (row: Int?, column: Int?) {
    let slots = Set(free.map(\.slot))
    for term in terms.compactMap(\.self) {
      guard case .entry(let row, let column) = term.operation, term.operands[0].places.isDisjoint(with: slots),
        Set([row, column].compactMap(\.self)) == slots, row != column
      else { continue }
      return (row, column)
    }
    return (free[0].slot, free.count > 1 ? free[1].slot : nil)
  }

  /// A number at all places, as the whole that it is an entry of.
  private static func lifted(_ term: Term, _ row: Int?, _ column: Int?, _ whole: Size) -> Term {
    switch term.operation {
    case .zeros: return Term(.zeros, [], whole, term.range)
    case .entry(row, column) where term.operands[0].places.isDisjoint(with: [row, column].compactMap(\.self)):
      return term.operands[0]
    case .add, .subtract, .negate:
      return Term(term.operation, term.operands.map { lifted($0, row, column, whole) }, whole, term.range)
    default: return Term(.array(row: row, column: column), [term], whole, term.range)
    }
  }
}

extension Term {
  /// The slots of the letters of places that are free in it.
  var places: Set<Int> {
    let inner = operands.reduce(into: Set<Int>()) { $0.formUnion($1.places) }
    switch operation {
    case .entry(let row, let column): return inner.union([row, column].compactMap(\.self))
    case .array(let row, let column): return inner.subtracting([row, column].compactMap(\.self))
    case .placeSum(let slot, _): return inner.subtracting([slot])
    case .kronecker(let a, let b): return [a, b]
    case .unit(let slot): return inner.union([slot])
    case .slopeByEntry(_, let row, let column): return [row, column]
    default: return inner
    }
  }

  /// Whether it is a number that is written as one.
  fileprivate var isNumber: Bool {
    switch operation {
    case .zeros, .number: true
    case .negate: operands[0].isNumber
    default: false
    }
  }
}
