// Mistakes held against what was received: which of them keeps right blocks right and explains wrong ones.

package import CellKit
package import Faults
import Recurrence

/// Something that may have been done, and what it would give.
package struct Hypothesis {
  /// At how many places it is made; of equal explanations the smallest is taken.
  package let size: Int
  /// What is told of it; most hypotheses are discarded before anybody asks.
  private let describe: () -> Diagnosis
  /// What it gives on a draw, by the draw's place in the evidence.
  package let make: (Int) -> Matrices
  /// The mistake of the step that it is, and in which world it was made.
  package var step: (fault: Fault, world: Int)?
  /// The mistake of the way forward that it is, and the cell with it.
  package var ahead: (fault: ForwardFault, wrong: WrongForward)?
  /// The mistake of the loop forward that it is.
  package var loop: ForwardTimeFault?

  package init(_ diagnosis: @autoclosure @escaping () -> Diagnosis, size: Int, make: @escaping (Int) -> Matrices) {
    describe = diagnosis
    self.size = size
    self.make = make
  }

  /// What is told of it.
  package var diagnosis: Diagnosis { describe() }
  /// Its stable id.
  package var id: String { describe().fault }
}

extension Hypothesis {
  /// The same, made once for each draw and kept.
  package func remembered(draws: Int) -> Hypothesis {
    let made = (0..<draws).map(make)
    let diagnosis = self.diagnosis
    var hypothesis = Hypothesis(diagnosis, size: size) { made[$0] }
    (hypothesis.step, hypothesis.ahead, hypothesis.loop) = (step, ahead, loop)
    return hypothesis
  }
}

/// Holds hypotheses against some draws.
package struct Matcher {
  /// Matrices that agree this well come from the same formula.
  package static let tolerance = 1e-7
  /// Single precision leaves this much, hardly more.
  package static let singlePrecision = 3e-6
  /// More than this many independent mistakes are not told apart.
  package static let limit = 3

  package let places: [BlockAddress]
  package let received: [Matrices]
  package let right: [Matrices]
  /// How well numbers must agree: less where the submission computes in single precision.
  package let tolerance: Double
  /// Matrices that are right but for their precision.
  package let imprecise: Set<BlockAddress>
  /// Matrices that are wrong in any draw.
  package let wrong: Set<BlockAddress>

  package init(places: [BlockAddress], received: [Matrices], right: [Matrices]) {
    self.places = places
    self.received = received
    self.right = right
    func worst(_ place: BlockAddress) -> Double {
      zip(received, right).reduce(0) { Swift.max($0, Self.error($1.0[place], $1.1[place])) }
    }
    var (wrong, imprecise): (Set<BlockAddress>, Set<BlockAddress>) = ([], [])
    for place in places {
      let error = worst(place)
      if error <= Comparison.tolerance { continue }
      if error <= Self.singlePrecision { imprecise.insert(place) } else { wrong.insert(place) }
    }
    self.wrong = wrong
    self.imprecise = imprecise
    tolerance = imprecise.isEmpty ? Self.tolerance : 1e-5
  }

  /// The largest relative error over the steps of a block; infinite where one of the two is missing or has another
  /// shape.
  package static func error(_ received: [Matrix]?, _ expected: [Matrix]?) -> Double {
    guard let received, let expected else { return received == nil && expected == nil ? 0 : .infinity }
    guard received.count == expected.count else { return .infinity }
    var worst = 0.0
    for (one, other) in zip(received, expected) {
      guard one.rows == other.rows, one.columns == other.columns else { return .infinity }
      let error = Comparison.difference(expected: other, received: one).relativeError
      // A NaN compares as false, and is no agreement.
      guard error <= 2 else { return .infinity }
      worst = Swift.max(worst, error)
    }
    return worst
  }

  /// Whether every block holds nothing but zeros: then that is what there is to say.
  var isAllZero: Bool {
    received.allSatisfy { blocks in
      places.allSatisfy { blocks[$0]?.allSatisfy { $0.elements.allSatisfy { $0 == 0 } } ?? false }
    }
  }

  package func agrees(_ received: [Matrix]?, _ expected: [Matrix]?) -> Bool {
    Self.error(received, expected) <= tolerance
  }

  /// A hypothesis that explains something.
  package struct Candidate {
    package let hypothesis: Hypothesis
    package let explained: Set<BlockAddress>
    /// How many blocks it makes wrong that are wrong in another way.
    let unexplained: Int
    /// What it gives on the first draw.
    package let made: Matrices
  }

  /// The hypotheses that keep right blocks right and give at least one open block as it was received, on every draw.
  ///
  /// - Parameter keeping: wrong blocks that must come out as they were received, too.
  package func candidates(_ hypotheses: [Hypothesis], open: Set<BlockAddress>, keeping: Set<BlockAddress> = [])
    -> [Candidate]
  {
    hypotheses.compactMap { hypothesis in
      var explained = open
      var first: Matrices = [:]
      for draw in received.indices {
        let made = hypothesis.make(draw)
        if draw == 0 { first = made }
        for place in places {
          let mustAgree = !wrong.contains(place) || keeping.contains(place)
          guard mustAgree || explained.contains(place) else { continue }
          if agrees(received[draw][place], made[place]) { continue }
          if mustAgree { return nil }
          explained.remove(place)
          if explained.isEmpty { return nil }
        }
      }
      let unexplained = places.count { place in
        guard wrong.contains(place), !explained.contains(place), received[0][place] != nil else { return false }
        return !agrees(first[place], right[0][place])
      }
      return Candidate(hypothesis: hypothesis, explained: explained, unexplained: unexplained, made: first)
    }
  }

  /// Explains as many open blocks as some mistakes can; the one that explains most comes first.
  ///
  /// - Returns: what explains each block, and the hypotheses that were taken, in their order.
  package func explain(_ candidates: [Candidate], open: inout Set<BlockAddress>) -> (
    diagnoses: [BlockAddress: Diagnosis], taken: [Candidate]
  ) {
    var diagnoses: [BlockAddress: Diagnosis] = [:]
    var taken: [Candidate] = []
    for _ in 0..<Self.limit {
      let left = open
      let scored = candidates.map { ($0, $0.explained.intersection(left).count) }
      guard let most = scored.map(\.1).max(), most > 0 else { break }
      let explaining = scored.filter { $0.1 == most }.map(\.0)
      let fewest = explaining.map(\.unexplained).min() ?? 0
      let best = explaining.filter { $0.unexplained == fewest }
      // The simplest: one edge before all edges of a kind; and of edges in series the one that shows the whole path.
      guard let smallest = best.map(\.hypothesis.size).min(),
        let chosen = best.filter({ $0.hypothesis.size == smallest }).longestPath
      else { break }
      // Mistakes that give the same numbers everywhere are one mistake under several names.
      var classes = [chosen]
      for other in best
      where !classes.contains(where: { known in places.allSatisfy { agrees(other.made[$0], known.made[$0]) } }) {
        classes.append(other)
      }
      var diagnosis = chosen.hypothesis.diagnosis
      diagnosis.ties = classes.dropFirst().map(\.hypothesis.id)
      for place in places where chosen.explained.contains(place) && open.remove(place) != nil {
        diagnoses[place] = diagnosis
      }
      taken.append(chosen)
    }
    return (diagnoses, taken)
  }
}

extension [Matcher.Candidate] {
  /// The one that shows most of its path, where edges of the way back may stand in series; of several the first.
  fileprivate var longestPath: Matcher.Candidate? {
    let lengths = map { $0.hypothesis.step == nil ? 0 : $0.hypothesis.diagnosis.path.count }
    return lengths.max().flatMap { longest in lengths.firstIndex(of: longest) }.map { self[$0] }
  }
}
