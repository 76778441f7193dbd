// The letters of a chain that stand for places along axes: which there are, and how many places each has.

import Diagnostics
import Formula
import Recurrence

/// The letters of places of one chain.
struct PlaceLetters {
  /// A letter with the places that it runs over.
  struct Range {
    let letter: String
    let slot: Int
    let size: Dimension
  }

  /// Free letters in the order met, with their slots.
  private(set) var free: [(letter: String, slot: Int)] = []
  /// Every letter, free or bound.
  private(set) var all: Set<String> = []
  private var stack: [(letter: String, slot: Int)] = []
  /// Slots that have as many places as another one, by Kronecker's δ.
  private var same: [Int: Int] = [:]
  private var sizes: [Int: Dimension] = [:]

  func slot(of letter: String) -> Int? {
    stack.last { $0.letter == letter }?.slot ?? free.first { $0.letter == letter }?.slot
  }

  mutating func addFree(_ letter: String, slot: Int) {
    all.insert(letter)
    free.append((letter, slot))
  }

  mutating func open(_ letter: String, slot: Int) {
    all.insert(letter)
    stack.append((letter, slot))
  }

  mutating func close() { stack.removeLast() }

  private func root(_ slot: Int) -> Int {
    var slot = slot
    while let next = same[slot] { slot = next }
    return slot
  }

  /// How many places a letter has, as far as is known.
  func size(_ slot: Int) -> Dimension? { sizes[root(slot)] }

  /// Whether a letter may run over an axis of this size; from then on it does.
  mutating func fix(_ slot: Int, _ size: Dimension) -> Bool {
    let root = root(slot)
    if let known = sizes[root] { return known == size }
    sizes[root] = size
    return true
  }

  /// Whether two letters may run over axes of one size; from then on they do.
  mutating func join(_ a: Int, _ b: Int) -> Bool {
    let (one, other) = (root(a), root(b))
    guard one != other else { return true }
    if let first = sizes[one], let second = sizes[other], first != second { return false }
    sizes[one] = sizes[one] ?? sizes[other]
    same[other] = one
    return true
  }
}

extension Scope {
  /// The slot of a letter of a place, which becomes free where no sum binds it.
  mutating func place(_ letter: String) -> Int {
    if let slot = places.slot(of: letter) { return slot }
    let slot = freshSlot()
    places.addFree(letter, slot: slot)
    return slot
  }

  mutating func openPlace(_ letter: String) -> Int {
    let slot = freshSlot()
    places.open(letter, slot: slot)
    return slot
  }

  /// What is wrong with a definition that speaks of single entries.
  var strayPlace: Message? {
    if let mixed { return Self.mixing(mixed) }
    return places.free.first.map { stray in
      Message(
        "`\(stray.letter)` stands free on the right side only; a name is defined as a whole, or is a sum over it missing?",
        "`\(stray.letter)` 只在右边自由出现；名字要整体定义，或者是否少了对它的求和？")
    }
  }

  static func mixing(_ letter: String) -> Message {
    Message(
      "`\(letter)` is a step and a place in one line; take another letter for one of them",
      "`\(letter)` 在同一行中既是时间步又是元素的下标；请给其中一个另取字母")
  }
}

extension Cell {
  /// The names as a derivation reads them, entries of vectors and matrices too.
  var vocabularyOfDerivations: Vocabulary {
    var vocabulary = vocabulary.forDerivations()
    func axes(_ shape: Shape) -> Int {
      switch shape.axes {
      case .scalar: 0
      case .vector: 1
      case .matrix: 2
      }
    }
    guard stack == nil, !declaration.batch else { return vocabulary }
    for quantity in quantities.all { vocabulary.axes[quantity.name] = axes(quantity.shape) }
    for (name, node) in graph.named { vocabulary.axes[name] = axes(graph.nodes[node].shape) }
    return vocabulary
  }
}
