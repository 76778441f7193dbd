// Pictures and captions that the exercise makes: what is in a picture is drawn, told in words, and hidden in a feature.

import Recurrence

/// Captions as numbers of words, and a feature for each.
///
/// A feature stands for what a network for pictures would give: each thing that can be in a picture has a direction of
/// its own, drawn from the seed; a picture's feature is the sum of its directions and a little noise. The order of words
/// is drawn, too.
struct Captions {
  /// The words; the first is padding, the second and third begin and end a caption.
  static let vocabulary =
    ["<null>", "<start>", "<end>", "a"] + sizes + colours + shapes + places

  private static let sizes = ["small", "large"]
  private static let colours = ["red", "green", "blue", "yellow", "black", "white"]
  private static let shapes = ["circle", "square", "triangle", "star", "ring"]
  private static let places = ["above", "below", "beside"]
  private static let noise = 0.1

  /// `<start> a red circle … <end>` or in another order of words, one a picture; no two are alike.
  let words: [[Int]]
  /// The feature of each picture.
  let features: [[Double]]

  /// Pictures from a seed.
  init(count: Int, features size: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 301)
    let number = Dictionary(uniqueKeysWithValues: Self.vocabulary.enumerated().map { ($1, $0) })
    // A thing has one direction as the first and another as the second of a picture.
    var directions: [String: [Double]] = [:]
    for place in ["first", "second"] {
      for word in Self.vocabulary.dropFirst(4) {
        directions["\(place) \(word)"] = (0..<size).map { _ in generator.normal() * 0.6 }
      }
    }
    func any(_ list: [String]) -> String { list[Int(generator.next() % UInt64(list.count))] }
    let grammar = Grammar(&generator)
    var words: [[Int]] = []
    var features: [[Double]] = []
    var seen: Set<[Int]> = []
    while words.count < count {
      let isPair = generator.next() % 2 == 0
      var first = [Part.colour: any(Self.colours), .shape: any(Self.shapes)]
      if !isPair, generator.next() % 2 == 0 { first[.size] = any(Self.sizes) }
      var caption = grammar.phrase(first)
      var things = first.values.sorted().map { "first \($0)" }
      if isPair {
        let place = any(Self.places)
        let second = [Part.colour: any(Self.colours), .shape: any(Self.shapes)]
        caption = grammar.sentence(caption, place, grammar.phrase(second))
        things += ["second \(place)"] + second.values.sorted().map { "second \($0)" }
      }
      let sequence = (["<start>"] + caption + ["<end>"]).compactMap { number[$0] }
      guard seen.insert(sequence).inserted else { continue }
      words.append(sequence)
      var feature = (0..<size).map { _ in Self.noise * generator.normal() }
      for thing in things { for (index, entry) in (directions[thing] ?? []).enumerated() { feature[index] += entry } }
      features.append(feature)
    }
    self.words = words
    self.features = features
  }

  private enum Part: Hashable, CaseIterable {
    case size, colour, shape
  }

  /// The order in which a language puts the words, drawn from the seed: a network that has learned one does not speak
  /// the others.
  private struct Grammar {
    /// The order of size, colour and shape.
    private let order: [Part]
    /// Whether `a` begins a phrase; it ends it otherwise.
    private let beginsWithArticle: Bool
    /// Where the word for the place stands: before both phrases, between them, or behind both.
    private let placePosition: Int

    init(_ generator: inout SeededGenerator) {
      order = Part.allCases.shuffled(using: &generator)
      beginsWithArticle = generator.next() % 2 == 0
      placePosition = Int(generator.next() % 3)
    }

    func phrase(_ parts: [Part: String]) -> [String] {
      let words = order.compactMap { parts[$0] }
      return beginsWithArticle ? ["a"] + words : words + ["a"]
    }

    func sentence(_ first: [String], _ place: String, _ second: [String]) -> [String] {
      var parts = [first, second]
      parts.insert([place], at: placePosition)
      return Array(parts.joined())
    }
  }
}
