// The tasks that are judged by experiment: the gradient flow of the learner's cell, and a remedy of the learner's own.

import CellKit
import Diagnosis
import Recurrence
import Sheets
import SubmissionHost

extension Judge {
  /// The checks of a `gradient-flow` task on the learner's cell.
  func flowChecks(_ plan: FlowPlan, _ caller: any CellCaller, seed: UInt64) async throws(GradingError) -> [Check] {
    try await measured(plan) {
      let probe = CellProbe(caller: caller, cell: cell)
      let traces = try await probe.traces(plan.networks(seed: seed))
      let totals = traces.map { CurveComparison.totals($0, cell) }
      let curves = CurveComparison.compare(traces, totals, cell)
      let run = RequirementRun(plan, probe, traces, gradients: totals)
      var measurements: [Measurement] = []
      for (_, item) in plan.items {
        var item = curves.first { $0.subject == item.subject } ?? item
        try await run.measure(&item)
        measurements.append(item)
      }
      return measurements
    }
  }

  /// The checks of a `remedy` task on the program of the remedy.
  func remedyChecks(_ plan: FlowPlan, _ caller: any CellCaller, seed: UInt64) async throws(GradingError) -> [Check] {
    try await measured(plan) {
      let probe = CellProbe(caller: caller, cell: cell)
      let traces = try await probe.traces(plan.networks(seed: seed))
      var steps = Measurement(.steps, upper: Comparison.tolerance)
      var gradient = Measurement(.gradient, upper: FlowPlan.differenceTolerance)
      try await OwnDerivative(plan: plan, probe: probe, traces: traces).measure(steps: &steps, gradient: &gradient)
      let run = RequirementRun(plan, probe, traces, gradients: traces.map(\.gradients))
      var measurements: [Measurement] = []
      for (_, item) in plan.items {
        var item = item.subject == .steps ? steps : item.subject == .gradient ? gradient : item
        try await run.measure(&item)
        measurements.append(item)
      }
      return measurements
    }
  }

  /// All checks of a task with one finding.
  package func checks(of plan: FlowPlan, finding: Finding) -> [Check] {
    checks(of: plan, plan.items.map { _ in finding })
  }

  private func checks(of plan: FlowPlan, _ findings: [Finding]) -> [Check] {
    let items = plan.items
    return zip(zip(items, findings), shares(of: plan.task.points, among: items.count)).map { pair, points in
      Check(
        task: plan.task.id, id: "\(plan.task.id).\(pair.0.id)", title: pair.0.id, finding: pair.1, diagnosis: nil,
        maxPoints: points, requirement: pair.0.measurement)
    }
  }

  /// Runs an experiment; what has no answer is said at every check.
  private func measured(
    _ plan: FlowPlan, _ experiment: () async throws -> [Measurement]
  ) async throws(GradingError) -> [Check] {
    do {
      return checks(of: plan, plan.findings(try await experiment()))
    } catch let error as GradingError {
      throw error
    } catch let trouble as FlowTrouble {
      return checks(of: plan, finding: trouble.finding)
    } catch {
      throw .isolation(reason: "\(error)")
    }
  }
}
