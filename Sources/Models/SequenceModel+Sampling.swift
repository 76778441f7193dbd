// How a model writes: word after word, the likeliest or by given random numbers.

public import CellKit
import Glibc
import Recurrence

extension SequenceModel {
  /// How the next word follows from the scores.
  public enum Choice: Sendable, Hashable {
    /// The word with the largest score; of equal ones the first.
    case greedy
    /// By softmax(scores / temperature) and a number u in [0, 1): the first word at which the probabilities, added up
    /// from the first word on, are larger than u.
    case random(temperature: Double)
    /// Mistakes that can be recognised: the scores multiplied by the temperature; the temperature left out.
    case multiplied(temperature: Double), untempered
    /// More of them: probabilities divided by the temperature; each probability by itself held against u.
    case dividedAfter(temperature: Double), single(temperature: Double)
  }

  /// What goes from one step of writing to the next; all but the first are mistakes that can be recognised.
  public enum Carried: Sendable, Hashable {
    /// The word that was written, and every state.
    case everything
    /// The states; each step reads the first word again.
    case statesAlone
    /// The word, and every state but the one with this index, which begins anew at each step.
    case allBut(state: Int)
  }

  /// What was written.
  public struct Sample: Sendable {
    /// The words at the steps 1…T, one-hot.
    public let words: [Matrix]
    /// How far the nearest decision was from falling otherwise: between the two best scores, or between u and a border
    /// of probabilities. Where it is tiny, two right programs may differ.
    public let margin: Double
  }

  /// Lets the model write.
  ///
  /// - Parameters:
  ///   - start: a matrix for each of the start's inputs.
  ///   - first: the word that each sequence begins with, one-hot; it is not part of what is written.
  ///   - random: a number for each sequence at each step, of the mask's shape; greedy sampling takes its length alone.
  ///   - carried: what each step hands on.
  public func sample(
    start: [Matrix], first: Matrix, random: [Matrix], _ choice: Choice, _ parameters: [Matrix], letters: [String: Int],
    carried: Carried = .everything
  ) -> Sample {
    let startCount = self.start?.quantities.parameters.count ?? 0
    let sizes = Sizes(letters, steps: 1)
    let opening = self.start.map { cell in
      let run = Recurrence(cell, sizes: sizes)
      run.forward(
        Case(
          parameters: Array(parameters.prefix(startCount)), inputs: start.map { [$0] }, initial: [],
          upstream: cell.quantities.results.map { _ in [nil] }))
      return run
    }
    let run = Recurrence(step, sizes: sizes)
    let own = Array(parameters.dropFirst(startCount))
    let states = step.quantities.states.count
    let initial = initial(opening, letters)
    var state = initial
    var word = first
    var words: [Matrix] = []
    var margin = Double.infinity
    for numbers in random {
      let none = word.map { _ in 0 }
      let read = carried == .statesAlone ? first : word
      let batch = ModelBatch(start: [], words: [read], targets: [none], mask: [numbers.map { _ in 0 }])
      run.forward(stepCase(batch, own, state, upstream: step.quantities.results.map { _ in [nil] }))
      let outputs = run.outputs()
      state = outputs.prefix(states).map { $0[0] }
      if case .allBut(let index) = carried { state[index] = initial[index] }
      let scores = outputs[states + roles.scores][0]
      word = none
      for sample in 0..<(letters["N"] ?? 1) {
        let row = (0..<(layout == .columns ? scores.rows : scores.columns)).map {
          layout == .columns ? scores[$0, sample] : scores[sample, $0]
        }
        let u = layout == .columns ? numbers[0, sample] : numbers[sample, 0]
        let (chosen, distance) = Self.choose(row, u, choice)
        margin = Swift.min(margin, distance)
        if layout == .columns { word[chosen, sample] = 1 } else { word[sample, chosen] = 1 }
      }
      words.append(word)
    }
    return Sample(words: words, margin: margin)
  }

  /// The chosen entry, and how far the choice was from another one.
  static func choose(_ scores: [Double], _ u: Double, _ choice: Choice) -> (index: Int, margin: Double) {
    let best = scores.max() ?? 0
    let factor: Double
    switch choice {
    case .greedy:
      let index = scores.firstIndex(of: best) ?? 0
      let rest = scores.indices.filter { $0 != index }.map { scores[$0] }.max() ?? -.infinity
      return (index, best - rest)
    case .random(let temperature), .single(let temperature): factor = 1 / temperature
    case .multiplied(let temperature): factor = temperature
    case .untempered, .dividedAfter: factor = 1
    }
    let powers = scores.map { Glibc.exp(factor * ($0 - best)) }
    let total = powers.reduce(0, +)
    var (sum, margin) = (0.0, Double.infinity)
    var chosen: Int?
    for (index, power) in powers.enumerated() {
      sum = (choice.addsUp ? sum : 0) + power / (total * choice.divisor)
      margin = Swift.min(margin, abs(sum - u))
      if chosen == nil, sum > u { chosen = index }
    }
    return (chosen ?? powers.count - 1, margin)
  }
}

extension SequenceModel.Choice {
  /// Whether probabilities are added up before they are held against u.
  fileprivate var addsUp: Bool {
    if case .single = self { false } else { true }
  }

  /// What probabilities are divided by once they are made: 1, or the temperature by mistake.
  fileprivate var divisor: Double {
    if case .dividedAfter(let temperature) = self { temperature } else { 1 }
  }
}
