// The letters of one chain: which are free, which are bound, and where their values stand.

import Formula

/// The steps of one chain.
struct Scope {
  /// Free letters in the order met, with their slots; T has slot 0.
  private(set) var free: [(letter: String, slot: Int)] = []
  /// Every letter that a sum or product bound.
  private(set) var bound: Set<String> = []
  private var stack: [(letter: String, slot: Int)] = []
  /// How many slots an environment needs.
  private(set) var slots = 1
  /// Pairs of free letters of which the first stands for the earlier step.
  private(set) var order: [(earlier: String, later: String)] = []
  /// The letters that stand for places along axes.
  var places = PlaceLetters()

  /// The slot of a letter, which becomes free where it is not bound.
  mutating func slot(_ letter: String) -> Int {
    if letter == "T" { return 0 }
    if let known = stack.last(where: { $0.letter == letter }) { return known.slot }
    if let known = free.first(where: { $0.letter == letter }) { return known.slot }
    slots += 1
    free.append((letter, slots - 1))
    return slots - 1
  }

  mutating func moment(_ time: Time) -> Moment {
    Moment(
      slot: time.letter.map { slot($0) }, offset: time.offset,
      second: time.second.map { Moment.Second(slot: slot($0.letter), isSubtracted: $0.isSubtracted) })
  }

  mutating func open(_ letter: String) -> Int {
    slots += 1
    bound.insert(letter)
    stack.append((letter, slots - 1))
    return slots - 1
  }

  mutating func close() { stack.removeLast() }

  /// A slot that no letter of a step has.
  mutating func freshSlot() -> Int {
    slots += 1
    return slots - 1
  }

  func isBound(_ letter: String) -> Bool { stack.contains { $0.letter == letter } }

  mutating func note(_ earlier: Time, before later: Time) {
    guard earlier.second == nil, later.second == nil, let a = earlier.letter, let b = later.letter, a != b, a != "T",
      b != "T", !isBound(a), !isBound(b)
    else { return }
    order.append((a, b))
  }

  /// A letter that is both free and bound, if there is one.
  var shadowed: String? { free.first { bound.contains($0.letter) }?.letter }

  /// A letter that is a step and a place, if there is one.
  var mixed: String? {
    (free.map(\.letter) + bound.sorted()).first { places.all.contains($0) }
  }
}
