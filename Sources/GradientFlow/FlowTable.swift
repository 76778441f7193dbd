// The tidy table of a gradient-flow experiment: one row a cell, variant, quantity and step.

import CSV
public import Recurrence

/// The median and the 10 % and 90 % quantiles over seeds.
public struct Spread: Sendable, Hashable {
  public var median: Double
  public var lower: Double
  public var upper: Double

  /// Whether all three are numbers.
  var isFinite: Bool { median.isFinite && lower.isFinite && upper.isFinite }

  /// Quantiles by linear interpolation between order statistics, as NumPy's default.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      guard !sorted.contains(where: \.isNaN), let last = sorted.last else { return .nan }
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      guard below + 1 < sorted.count else { return last }
      let part = place - Double(below)
      return part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below])
    }
    median = quantile(0.5)
    lower = quantile(0.1)
    upper = quantile(0.9)
  }
}

/// One row: the gradient by one state at one step, over all seeds.
public struct FlowRow: Sendable, Hashable {
  public var cell: String
  public var variant: String
  /// The state whose gradient it is, such as `h` or `c`; `sigma_max`, `sigma_min` for singular values of ∂h_T/∂h_step.
  public var quantity: String
  public var hidden: Int
  public var steps: Int
  public var batch: Int
  public var seeds: Int
  /// 0…T; 0 is the initial state.
  public var step: Int
  /// The Frobenius norm of the loss's gradient, or the singular value.
  public var norm: Spread
  /// The norm over that at the last step, formed seed by seed.
  public var relative: Spread
  /// What theory says of `relative`; nil where it says nothing.
  public var predicted: Double?

  /// The number of steps between this one and the loss.
  public var lag: Int { steps - step }
}

/// A gradient-flow experiment that has been run.
public struct FlowTable: Sendable {
  /// The rows, by cell, then quantity, then step.
  public private(set) var rows: [FlowRow] = []
  /// What a reader of the table must know, such as values that are not finite.
  public private(set) var notes: [String] = []

  /// An empty table.
  public init() {}

  /// Runs an experiment on one cell and adds its rows, all of them or, where it throws, none.
  ///
  /// - Parameters:
  ///   - name: what the `cell` column shows.
  ///   - quantities: the states to report, by name, and `jacobian`; nil for all states.
  ///   - finished: is called whenever a network is done.
  /// - Throws: what the runner throws, `Experiment.DoesNotApply`, or `CancellationError`.
  public mutating func add(
    _ experiment: Experiment, on cell: Cell, named name: String, quantities: [String]?, with runner: any CellRunner,
    finished: @escaping @Sendable () -> Void = {}
  ) async throws {
    let cell = try experiment.cell(for: cell)
    var measures: [(name: String, measure: Measure)] = []
    for (index, state) in cell.quantities.states.enumerated() where quantities?.contains(state.swift) ?? true {
      measures.append((state.swift, .norm(state: index)))
    }
    if quantities?.contains(Self.jacobian) ?? false {
      measures += [("sigma_max", .largestSingularValue), ("sigma_min", .smallestSingularValue)]
    }
    async let theory = Theory.relativeNorms(experiment, of: cell)
    let networks = try await runner.curves(measures.map(\.measure), experiment, of: cell, finished: finished)
    let predictions = await theory
    for (index, (quantity, measure)) in measures.enumerated() {
      var predicted: [Double]?
      if case .norm(let state) = measure { predicted = predictions?[state] }
      let curves = networks.map { $0[index] }
      var notFinite = 0
      for step in 0...experiment.steps {
        let values = curves.map { $0[step] }
        let relative = curves.map { $0[step] / $0[experiment.steps] }
        let row = FlowRow(
          cell: name, variant: experiment.variant.name, quantity: quantity, hidden: experiment.hidden,
          steps: experiment.steps, batch: experiment.batch, seeds: experiment.seeds, step: step, norm: Spread(values),
          relative: Spread(relative), predicted: predicted?[step])
        if !row.norm.isFinite || !row.relative.isFinite { notFinite += 1 }
        rows.append(row)
      }
      if notFinite > 0 {
        notes.append(
          "\(name), \(experiment.variant.name), \(quantity): \(notFinite) of \(experiment.steps + 1) steps have a value "
            + "that is not finite; its field is empty")
      }
    }
  }

  /// The quantity that stands for `sigma_max` and `sigma_min`.
  public static let jacobian = "jacobian"

  /// Adds something that a reader must know.
  public mutating func note(_ text: String) { notes.append(text) }

  /// The table as RFC 4180 text with a header line; a value that is not finite is an empty field.
  public var csv: String {
    var text =
      "cell,variant,quantity,hidden,steps,batch,seeds,step,lag,norm_median,norm_q10,norm_q90,"
      + "relative_median,relative_q10,relative_q90,predicted_relative\r\n"
    for row in rows {
      let numbers = [
        row.norm.median, row.norm.lower, row.norm.upper, row.relative.median, row.relative.lower, row.relative.upper,
      ]
      let fields =
        [row.cell, row.variant, row.quantity]
        + [row.hidden, row.steps, row.batch, row.seeds, row.step, row.lag].map(String.init)
        + numbers.map(CSV.field) + [CSV.field(row.predicted)]
      text += CSV.row(fields)
    }
    return text
  }
}
