// What a `gradient-flow` or `remedy` task runs and measures, read from its sheet.

import Diagnosis
package import Diagnostics
package import GradientFlow
package import Recurrence
package import Sheets

/// The experiments of one task.
package struct FlowPlan: Sendable {
  package let task: Sheet.Task
  package let cell: Cell
  /// One a variant; sizes are those of submissions.
  package let experiments: [Experiment]
  /// The state whose gradient the requirements look at.
  package let state: Int

  /// The largest relative error that counts as the same curve: a hundred steps multiply rounding errors.
  package static let curveTolerance = 1e-6
  /// The largest error against differences, which have some 1e-8 themselves.
  package static let differenceTolerance = 1e-5
  /// How many networks of each variant are looked at more closely than by their curve.
  package static let probed = 3

  /// - Throws: what is wrong with a variant or the quantity, at its place in the sheet.
  package init(_ task: Sheet.Task, cell: Cell) throws(DiagnosticList) {
    self.task = task
    self.cell = cell
    guard let asked = task.experiment else {
      experiments = []
      state = 0
      return
    }
    var findings: [Diagnostic] = []
    experiments = asked.variants.compactMap { text in
      func report(_ message: Message) {
        findings.append(Diagnostic(message, in: text, at: 0..<text.text.utf8.count))
      }
      do {
        var experiment = Experiment.forSubmissions
        experiment.variant = try Variant(text.text)
        experiment.steps = asked.steps
        experiment.seeds = asked.seeds
        if experiment.variant.changesTheCell {
          report("`\(text.text)` changes what happens inside a cell, which a submission's own does not let it")
          return nil
        }
        _ = try experiment.cell(for: cell)
        return experiment
      } catch let unreadable as Variant.Unreadable {
        report(unreadable.message)
      } catch let misfit as Experiment.DoesNotApply {
        report("`\(text.text)` does not fit the cell: \(misfit.message)")
      } catch {
        report("`\(text.text)` does not fit the cell: \(error)")
      }
      return nil
    }
    let states = cell.quantities.states
    var state = Experiment.observedState(of: cell)
    if let wanted = asked.quantity {
      if let found = states.firstIndex(where: { $0.swift == wanted.text }) {
        state = found
      } else {
        let known = states.map { "`\($0.swift)`" }.joined(separator: ", ")
        findings.append(
          Diagnostic(
            "the cell has no state `\(wanted.text)`; there are \(known)", in: wanted, at: 0..<wanted.text.utf8.count))
      }
    }
    self.state = state
    guard findings.isEmpty else { throw DiagnosticList(findings) }
  }

  /// The checks of the task before anything is measured, each with its id below the task.
  package var items: [(id: String, measurement: Measurement)] {
    var items: [(String, Measurement)] = []
    if task.kind == .gradientFlow {
      for quantity in cell.quantities.states {
        items.append((quantity.swift, Measurement(.curve(state: quantity.swift), upper: Self.curveTolerance)))
      }
    } else {
      items.append(("steps", Measurement(.steps, upper: Comparison.tolerance)))
      items.append(("gradient", Measurement(.gradient, upper: Self.differenceTolerance)))
    }
    let state = cell.quantities.states[state].swift
    for wanted in task.require {
      func add(_ id: String, _ subject: Measurement.Subject) {
        items.append((id, Measurement(subject, lower: wanted.lower, upper: wanted.upper)))
      }
      switch wanted.kind {
      case .growth: add("growth", .growth(state: state))
      case .decay: add("decay", .decay(state: state))
      case .rate: add("rate", .rate(state: state))
      case .turn: add("turn", .turn(state: state))
      case .far: add("far", .far)
      case .order: add("order", .order)
      case .parameters:
        for quantity in cell.quantities.parameters { add("parameter.\(quantity.swift)", .parameter(quantity.swift)) }
      case .state: add("state", .state)
      }
    }
    return items
  }

  /// What the cell lacks where this measurement does not hold; nil where it costs the measurement's own points only.
  private func need(_ measurement: Measurement) -> Measurement.Need? {
    if task.kind == .gradientFlow { return measurement.isCurve ? .curve : nil }
    return switch measurement.subject {
    case .steps, .gradient: .derivative
    case .growth, .decay, .rate: .bounds
    case .turn, .far, .order: .recurrence
    case .parameter(let name):
      // A bias may be left out; without a matrix the cell is another, simpler one.
      cell.quantities.parameters.contains { $0.swift == name && $0.axes.count == 2 } ? .recurrence : nil
    case .curve, .state: nil
    }
  }

  /// What is found of each measurement: a cell that is not what the task is about earns nothing by what it happens to
  /// share with one. A curve is the sheet's or not, whatever the others are.
  package func findings(_ measurements: [Measurement]) -> [Finding] {
    let needs = Set(measurements.filter { !$0.holds }.compactMap(need))
    return measurements.map { measurement in
      needs.isEmpty || !measurement.holds || measurement.isCurve
        ? .measured(measurement) : .withheld(measurement, needs: needs)
    }
  }

  /// The networks of a grade's seed, by variant; no two grades share one.
  package func networks(seed: UInt64) -> [FlowNetwork] {
    experiments.flatMap { experiment in
      var drawn = experiment
      drawn.firstSeed = seed &* 1_000_003
      return drawn.networkSeeds.enumerated().map { index, seed in
        FlowNetwork(
          experiment: drawn, number: index + 1, seed: seed, value: drawn.network(of: cell, seed: seed),
          sizes: drawn.sizes(for: cell))
      }
    }
  }
}

/// One network of an experiment.
package struct FlowNetwork: Sendable {
  package let experiment: Experiment
  /// Its number within the variant, from 1.
  package let number: Int
  package let seed: UInt64
  package var value: Case
  package let sizes: Sizes

  package func place(step: Int? = nil) -> ExperimentPlace {
    ExperimentPlace(variant: experiment.variant.name, network: number, step: step)
  }

  /// The sizes and the step, as a finding about a block has them.
  func drawPlace(step: Int?) -> DrawPlace {
    var letters = sizes.letters
    letters["T"] = sizes.steps
    return DrawPlace(sizes: letters, step: step)
  }
}
