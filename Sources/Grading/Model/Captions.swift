// Pictures and captions that the exercise makes: what is in a picture is drawn, told in words, and hidden in a feature.

import Recurrence

/// Captions as numbers of words, and a feature for each.
///
/// A feature stands for what a network for pictures would give: each thing that can be in a picture has a direction of
/// its own, drawn from the seed; a picture's feature is the sum of its directions and a little noise.
struct Captions {
  /// The words; the first is padding, the second and third begin and end a caption.
  static let vocabulary =
    ["<null>", "<start>", "<end>", "a"] + sizes + colours + shapes + places

  private static let sizes = ["small", "large"]
  private static let colours = ["red", "green", "blue", "yellow", "black", "white"]
  private static let shapes = ["circle", "square", "triangle", "star", "ring"]
  private static let places = ["above", "below", "beside"]
  private static let noise = 0.1

  /// `<start> a red circle … <end>`, one a picture; no two are alike.
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
    var words: [[Int]] = []
    var features: [[Double]] = []
    var seen: Set<[Int]> = []
    while words.count < count {
      var caption = ["a"]
      var things: [String] = []
      func add(_ word: String, _ place: String) {
        caption.append(word)
        things.append("\(place) \(word)")
      }
      let isPair = generator.next() % 2 == 0
      if !isPair, generator.next() % 2 == 0 { add(any(Self.sizes), "first") }
      add(any(Self.colours), "first")
      add(any(Self.shapes), "first")
      if isPair {
        add(any(Self.places), "second")
        caption.append("a")
        add(any(Self.colours), "second")
        add(any(Self.shapes), "second")
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
}
