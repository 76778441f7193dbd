// Reads `experiment:` and `require:` of a task: what is run on a learner's cell, and what must come out.

public import Diagnostics

extension Sheet.Task {
  /// Random networks on which a learner's cell is run, with the loss at the last step.
  public struct FlowExperiment: Sendable, Hashable {
    /// How networks are drawn and run, as `unroll plot --variant` has it; at least one.
    public let variants: [SourceExcerpt]
    /// The number of steps T.
    public let steps: Int
    /// How many networks are drawn of each variant.
    public let seeds: Int
    /// The state whose gradient the requirements look at; nil for the one that the loss sees.
    public let quantity: SourceExcerpt?
  }

  /// A number that an experiment must reach.
  public struct Requirement: Sendable, Hashable {
    /// What is measured.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// The largest norm of the gradient at any step, relative to the last step.
      case growth
      /// The smallest norm of the gradient at any step, relative to the last step.
      case decay
      /// The median over networks of log₁₀ of the norm's change for each step back.
      case rate
      /// How far the direction of the gradient turns from the last step to the first; 0 for a scaled identity, 2 at most.
      case turn
      /// How far the last state moves when the first input is another.
      case far
      /// How far the last state moves when the inputs come in the reverse order.
      case order
      /// How far the last state moves when a parameter is another; for each parameter.
      case parameters
      /// The root mean square, over samples and units, of the last state's deviation from the mean over samples.
      case state
    }

    /// What is measured.
    public let kind: Kind
    /// The smallest number allowed; nil for any.
    public let lower: Double?
    /// The largest number allowed; nil for any.
    public let upper: Double?
  }
}

extension FieldReader {
  private static let experimentExample = "experiment: {variants: ['gaussian:1'], steps: 100, seeds: 20}"

  /// What a task runs; each field has a default.
  mutating func experiment(_ entry: FrontMatterEntry?) -> Sheet.Task.FlowExperiment? {
    guard let entry, let entries = entries(entry, example: Self.experimentExample) else { return nil }
    let fields = fields(entries, known: ["variants", "steps", "seeds", "quantity"], of: "an experiment")
    var variants = excerpts(fields["variants"])
    if let given = fields["variants"], variants.isEmpty, case .list([]) = given.value.content {
      report(
        "`variants` is empty; leave it out for PyTorch's default, or name one as in `['gaussian:1']`", place(given))
    }
    if fields["variants"] == nil { variants = [Self.defaultVariant(source)] }
    let steps = integer(fields["steps"], in: 2...200)
    let seeds = integer(fields["seeds"], in: 1...50)
    return Sheet.Task.FlowExperiment(
      variants: variants, steps: steps ?? 100, seeds: seeds ?? 5, quantity: excerpt(fields["quantity"]))
  }

  /// What an experiment is that a sheet does not describe.
  func defaultExperiment() -> Sheet.Task.FlowExperiment {
    Sheet.Task.FlowExperiment(variants: [Self.defaultVariant(source)], steps: 100, seeds: 5, quantity: nil)
  }

  private static func defaultVariant(_ source: SourceText) -> SourceExcerpt {
    SourceExcerpt(source, lines: [(0, "uniform")])
  }

  /// What an experiment must reach, in the order of the sheet.
  mutating func requirements(_ entry: FrontMatterEntry?) -> [Sheet.Task.Requirement] {
    guard let entry, let entries = entries(entry, example: "require: {growth: 10, decay: 0.01}") else { return [] }
    let fields = fields(entries, known: Sheet.Task.Requirement.Kind.allCases.map(\.rawValue), of: "`require`")
    if entries.isEmpty { report("`require` is empty; write what must be reached, as in `{growth: 10}`", place(entry)) }
    return entries.compactMap { given in
      guard fields[given.key] != nil, let kind = Sheet.Task.Requirement.Kind(rawValue: given.key) else { return nil }
      switch kind {
      case .growth: return number(given, in: 1...1e300).map { .init(kind: kind, lower: nil, upper: $0) }
      case .decay: return number(given, in: 1e-300...1).map { .init(kind: kind, lower: $0, upper: nil) }
      case .turn, .far, .order, .parameters:
        return number(given, in: 1e-300...2).map { .init(kind: kind, lower: $0, upper: nil) }
      case .rate: return pair(given, in: -300...300).map { .init(kind: kind, lower: $0, upper: $1) }
      case .state: return pair(given, in: 0...1e300).map { .init(kind: kind, lower: $0, upper: $1) }
      }
    }
  }

  /// Two numbers, the smaller one first.
  mutating func pair(_ entry: FrontMatterEntry, in range: ClosedRange<Double>) -> (Double, Double)? {
    let wanted: Message = "two numbers such as `[0.1, 10]`, the smaller one first, \(range.words)"
    var contrast: Message?
    if case .list(let values) = entry.value.content, !values.isEmpty {
      let texts = values.map { if case .text(let text, _) = $0.content { text } else { "…" } }
      contrast = "not `[\(texts.joined(separator: ", ").clipped)]`"
    }
    guard case .list(let values) = entry.value.content, values.count == 2 else {
      reportType(entry, wanted, contrast)
      return nil
    }
    let numbers = values.compactMap { value -> Double? in
      guard case .text(let text, isQuoted: false) = value.content, let number = Double(text), range.contains(number)
      else { return nil }
      return number
    }
    guard numbers.count == 2, numbers[0] < numbers[1] else {
      reportType(entry, wanted, contrast)
      return nil
    }
    return (numbers[0], numbers[1])
  }
}
