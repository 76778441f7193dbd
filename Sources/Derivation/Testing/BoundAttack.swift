// Networks that are sought out to break a bound: tiny, orthogonal, wide open, saturated, and those found by climbing.

import CellKit
import Diagnostics
import Formula
import Recurrence

/// By how much one side of a bound exceeds the other.
struct BoundExcess {
  let chain: ElaboratedChain
  /// The side that is to be the smaller one.
  let low: Term
  let high: Term

  /// The place of an excess, with the two sides.
  struct Place {
    let share: Double
    let environment: [Int]
    let low: Double
    let high: Double
  }

  /// The largest share by which the low side exceeds the high one, less what rounding can do to a derivative that is written with
  /// saturated values; nil where nothing is defined or nothing is left of it. And whether all of it was worked out.
  func largest(in world: World) -> (place: Place?, isWhole: Bool) {
    world.effort.part(Effort.ofComparison) {
      var worst: Place?
      let rounding = 2 * Double(world.steps) * world.truth.lossBySaturation()
      guard rounding < 1 else { return (nil, true) }
      for environment in chain.assignments(steps: world.steps) {
        let sides = [low, high].map { world.evaluate($0, environment)?.elements.first }
        guard !world.effort.isExhausted else { return (worst, false) }
        guard let x = sides[0], let y = sides[1], x.isFinite, y.isFinite else { continue }
        let share = (x - y) / max(abs(x), abs(y), 1e-300) - rounding
        if share > worst?.share ?? -.infinity { worst = Place(share: share, environment: environment, low: x, high: y) }
      }
      return (worst, true)
    }
  }

  /// Where the bound is broken, and by which numbers.
  func told(_ place: Place) -> Wording {
    let steps = chain.scope.free.map { "\(Time(letter: $0.letter, offset: 0)) = \(place.environment[$0.slot])" }
    let (low, high) = (place.low.shortText, place.high.shortText)
    guard !steps.isEmpty else { return Wording("\(low) > \(high)", "\(low) > \(high)") }
    return Wording(
      "at \(steps.joined(separator: ", ")) (T = \(place.environment[0])) \(low) > \(high)",
      "在 \(steps.joined(separator: "、"))（T = \(place.environment[0])）处 \(low) > \(high)")
  }
}

/// Seeks networks that break a bound.
final class BoundAttack {
  private let session: Session
  /// How many networks may still be tried by climbing, over the whole text: enough for twenty bounds that hold.
  private var climbs = 8_000
  private var effort = Effort.ofAttacks
  private lazy var worlds: [(how: Wording, world: World)] = made()

  init(_ session: Session) { self.session = session }

  /// Saturated values round; a bound is broken by more than that.
  static let margin = 1e-6

  /// What came of seeking a network that breaks a bound.
  enum Outcome {
    case broken(Wording, BoundExcess.Place)
    case unbroken
    /// The text's effort ended first.
    case unfinished
  }

  /// Seeks a network that breaks the bound.
  func outcome(_ excess: BoundExcess) -> Outcome {
    session.effort.part(of: &effort) { sought(excess) }
  }

  private func sought(_ excess: BoundExcess) -> Outcome {
    var starts: [(Double, World)] = []
    for (how, world) in worlds + session.worlds.prefix(2).map({ (Wording("", ""), $0) }) {
      let (place, isWhole) = excess.largest(in: world)
      guard isWhole else { return .unfinished }
      guard let place else { continue }
      if place.share > Self.margin { return .broken(how, place) }
      starts.append((place.share, world))
    }
    // The nearest misses first.
    for (share, world) in starts.sorted(by: { $0.0 > $1.0 }).prefix(4) {
      switch climb(from: world, share, excess) {
      case .unbroken: continue
      case let other: return other
      }
    }
    return .unbroken
  }

  private func climb(from start: World, _ share: Double, _ excess: BoundExcess) -> Outcome {
    var generator = SeededGenerator(seed: session.seed, stream: 77)
    var best = share
    var world = start
    var step = 0.5
    for _ in 0..<100 {
      guard climbs > 0 else { return .unfinished }
      climbs -= 1
      let candidate = World(like: world, perturbed(world.value, by: step, &generator))
      let (place, isWhole) = excess.largest(in: candidate)
      guard isWhole else { return .unfinished }
      guard let place, place.share > best else {
        step = max(0.02, step * 0.97)
        continue
      }
      best = place.share
      world = candidate
      step = min(2, step * 1.3)
      if best > Self.margin {
        return .broken(Wording("a search over the weights finds a network", "对权重的搜索找到了反例"), place)
      }
    }
    return .unbroken
  }

  private func perturbed(_ value: Leaves<Double>, by step: Double, _ generator: inout SeededGenerator) -> Leaves<Double>
  {
    var value = value
    let kind = generator.next() % 4
    func moved(_ matrix: Matrix, _ generator: inout SeededGenerator) -> Matrix {
      let scale = step * max(0.3, matrix.largest)
      return Matrix(
        rows: matrix.rows, columns: matrix.columns,
        elements: matrix.elements.map { generator.next() % 3 == 0 ? $0 + scale * generator.normal() : $0 })
    }
    for index in value.parameters.indices where kind == 0 || generator.next() % 2 == 0 {
      value.parameters[index] =
        kind == 1
        ? value.parameters[index].scaled(1 + step * generator.normal()) : moved(value.parameters[index], &generator)
    }
    for index in value.initial.indices where kind != 1 {
      value.initial[index] = moved(value.initial[index], &generator)
    }
    for index in value.inputs.indices where kind == 2 {
      for at in value.inputs[index].indices { value.inputs[index][at] = moved(value.inputs[index][at], &generator) }
    }
    return value
  }

  private func made() -> [(how: Wording, world: World)] {
    guard let start = session.worlds.first else { return [] }
    let quantities = session.context.cell.quantities
    var result: [(how: Wording, world: World)] = []
    func add(_ how: Wording, _ change: (inout Leaves<Double>) -> Void) {
      var value = start.value
      change(&value)
      result.append((how, World(like: start, value)))
    }
    func isSquare(_ index: Int) -> Bool {
      let matrix = start.value.parameters[index]
      return matrix.rows == matrix.columns && matrix.rows > 1
    }
    func isBias(_ index: Int) -> Bool {
      if case .matrix = quantities.parameters[index].shape.axes { return false }
      return true
    }
    func quiet(_ value: inout Leaves<Double>) {
      value.inputs = value.inputs.map { $0.map { $0.scaled(1e-3) } }
      value.initial = value.initial.map { $0.scaled(1e-3) }
      for index in value.parameters.indices {
        value.parameters[index] = value.parameters[index].scaled(isBias(index) ? 1e-3 : 1)
      }
    }
    add(Wording("with weights and states near 0 (there the slopes are largest)", "当权重与状态接近 0（此时导数最大）")) { value in
      quiet(&value)
      value.parameters = value.parameters.map { $0.scaled(1e-3) }
    }
    for scale in [0.5, 1.0, 1.5, 4.0] {
      add(
        Wording(
          "with square weights \(scale) times an orthogonal matrix and states near 0", "当方阵权重为 \(scale) 倍正交阵、状态接近 0")
      ) { value in
        quiet(&value)
        for index in value.parameters.indices where isSquare(index) {
          value.parameters[index] = value.parameters[index].orthogonalized.scaled(scale)
        }
      }
      add(Wording("with weights \(scale * 2) times as large", "当权重放大 \(scale * 2) 倍")) { value in
        value.parameters = value.parameters.map { $0.scaled(scale * 2) }
      }
    }
    // Below 0 against the direct path of a residual cell: what was kept is taken away again.
    for scale in [0.5, 1.0, 1.5, 4.0, -0.5, -0.9] {
      add(
        Wording("with square weights \(scale) times the identity and states near 0", "当方阵权重为 \(scale) 倍单位阵、状态接近 0")
      ) { value in
        quiet(&value)
        for index in value.parameters.indices where isSquare(index) {
          value.parameters[index] = Matrix.identity(value.parameters[index].rows).scaled(scale)
        }
      }
    }
    add(Wording("with square weights whose square is 0", "当方阵权重的平方为 0")) { value in
      for index in value.parameters.indices where isSquare(index) {
        value.parameters[index] = .nilpotent(value.parameters[index].rows)
      }
    }
    for bias in [-6.0, 6.0] {
      add(Wording("with every bias at \(Int(bias))", "当所有偏置为 \(Int(bias))")) { value in
        for index in value.parameters.indices where isBias(index) {
          value.parameters[index] = value.parameters[index].applying { _ in bias }
        }
      }
    }
    for index in start.value.parameters.indices where isBias(index) {
      add(
        Wording(
          "with `\(quantities.parameters[index].name.latex)` at 6", "当 \(quantities.parameters[index].name.latex) 为 6")
      ) { value in value.parameters[index] = value.parameters[index].applying { _ in 6 } }
    }
    add(Wording("with large states", "当状态很大")) { value in
      value.initial = value.initial.map { $0.scaled(8) }
    }
    return result
  }
}

extension Matrix {
  /// Of rank one, with a square of 0 and no entry that must be 0: `a bᵀ` with `bᵀ a = 0`.
  fileprivate static func nilpotent(_ side: Int) -> Matrix {
    let right = (0..<side).map { $0 == side - 1 && side % 2 == 1 ? 0 : $0 % 2 == 0 ? 1.0 : -1 }
    return Matrix(rows: side, columns: side, elements: (0..<side).flatMap { _ in right })
  }

  /// Its rows made orthonormal (Gram and Schmidt); square matrices only.
  fileprivate var orthogonalized: Matrix {
    var done: [[Double]] = []
    for row in 0..<rows {
      var entries = Array(elements[row * columns..<(row + 1) * columns])
      for _ in 0..<2 {
        for other in done {
          let dot = zip(entries, other).reduce(0) { $0 + $1.0 * $1.1 }
          entries = zip(entries, other).map { $0 - dot * $1 }
        }
      }
      let length = entries.reduce(0) { $0 + $1 * $1 }.squareRoot()
      done.append(entries.map { $0 / max(length, 1e-300) })
    }
    return Matrix(rows: rows, columns: columns, elements: Array(done.joined()))
  }
}
