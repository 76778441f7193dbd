// Whether the tasks of a sheet can be solved: what a learner would only find out after much honest work.

import CellKit
import Derivation
import Diagnosis
import Diagnostics
import Formula
import FoundationEssentials
import GradientFlow
package import Grading
import Markdown
package import Recurrence
import Sheets

/// Looks for tasks that nobody can solve, without a model solution.
struct Solvability {
  let sheet: Sheet
  /// The seeds with which numbers are drawn.
  let seeds: [UInt64]

  /// What stands in the way, each as one line.
  func troubles(in library: SheetLibrary) async throws -> [String] {
    var found = needs(in: library).map(\.headline)
    found += written().map(\.headline)
    found += values()
    for task in sheet.tasks where task.kind == .gradientFlow { found += try await requirements(of: task) }
    return found
  }

  /// What the sheet needs and what lies neither in the course nor beside it.
  private func needs(in library: SheetLibrary) -> [Diagnostic] {
    let beside = URL(filePath: sheet.file).deletingLastPathComponent().deletingLastPathComponent()
    let siblings = sheet.needs.filter { need in
      FileManager.default.fileExists(atPath: beside.appending(path: need).appending(path: "sheet.md").path)
    }
    return sheet.unknownNeeds(among: Set(library.ids).union(siblings))
  }

  // MARK: Writing

  /// What is wrong with goals, answers and limits.
  private func written() -> [Diagnostic] {
    var found: [Diagnostic] = []
    var names: [String: String] = [:]
    let cell = sheet.cell ?? .empty(in: sheet.text.markdown.source)
    for task in sheet.tasks {
      do throws(DiagnosticList) {
        switch task.kind {
        case .derivation:
          found += try DerivationChecker(cell: cell, goals: task.goals, given: task.given).findings()
        case .bound:
          guard let limit = task.limit else { continue }
          let checker = try BoundChecker(cell: cell, limit: limit, given: task.given, slack: task.slack ?? 1)
          if let trouble = checker.trouble(with: limit) { found.append(trouble) }
        case .quantity:
          guard let answer = task.answer else { continue }
          let checker = try QuantityChecker(answer: answer, between: task.between)
          if let trouble = checker.trouble(with: answer) { found.append(trouble) }
          if let name = task.quantityName, let other = names.updateValue(task.id, forKey: name) {
            found.append(
              Diagnostic(
                "the tasks `\(other)` and `\(task.id)` both ask for `\(name)`, and the last formula for it counts in both",
                in: answer, at: 0..<max(1, answer.text.utf8.count)))
          }
        default: continue
        }
      } catch {
        found += error.diagnostics
      }
    }
    return found
  }

  // MARK: Values

  /// What is no finite number in the values or the gradients of drawn networks.
  private func values() -> [String] {
    guard let cell = sheet.cell, sheet.model == nil else { return [] }
    func isFinite(_ matrices: [Matrix]) -> Bool { matrices.allSatisfy { $0.elements.allSatisfy(\.isFinite) } }
    for seed in seeds {
      for draw in Draw.several(cell, seed: seed, hasTime: sheet.hasSequence) {
        for (quantity, list) in zip(cell.quantities.results, draw.outputs) where !isFinite(list) {
          return [
            "`\(quantity.name.latex(time: "t"))` is no finite number for drawn inputs, so no code can be right: is there a root or a logarithm of something negative, a division by 0, or a sum that grows without end?"
          ]
        }
        let gradients = draw.gradients
        guard isFinite(gradients.parameters + gradients.initial + gradients.inputs.flatMap(\.self)) else {
          return ["a gradient is no finite number for drawn inputs, so no code can be right"]
        }
      }
    }
    return []
  }

  // MARK: Experiments

  /// The requirements that the sheet's own cell misses.
  private func requirements(of task: Sheet.Task) async throws -> [String] {
    guard let cell = sheet.cell, !task.require.isEmpty else { return [] }
    let plan: FlowPlan
    do { plan = try FlowPlan(task, cell: cell) } catch { return error.diagnostics.map(\.headline) }
    var missed: [String] = []
    for seed in seeds {
      let traces = plan.networks(seed: seed).map { FlowTrace(referenceOn: $0, cell: cell) }
      let run = RequirementRun(plan, ReferenceProbe(cell: cell), traces, gradients: traces.map(\.gradients))
      for (id, item) in plan.items {
        if case .curve = item.subject { continue }
        var item = item
        try await run.measure(&item)
        let name = "\(task.id).\(id)"
        guard !item.holds, !missed.contains(where: { $0.contains("`\(name)`") }) else { continue }
        let measured = item.measured.map { "\($0)" } ?? "no number"
        let range = [item.lower.map { "at least \($0)" }, item.upper.map { "at most \($0)" }].compactMap(\.self)
        missed.append(
          "the sheet's own cell misses the requirement `\(name)` with seed \(seed): it gives \(measured), and \(range.joined(separator: " and ")) is asked for"
        )
      }
    }
    return missed
  }
}

/// Runs the sheet's own cell where a learner's would be called.
struct ReferenceProbe: FlowProbe {
  let cell: Cell

  func traces(_ networks: [FlowNetwork]) async throws -> [FlowTrace] {
    networks.map { FlowTrace(referenceOn: $0, cell: cell) }
  }
}

extension FlowTrace {
  /// What the sheet's own cell does on a network; its gradients are those over every path.
  package init(referenceOn network: FlowNetwork, cell: Cell) {
    let recurrence = Recurrence(cell, sizes: network.sizes)
    recurrence.forward(network.value)
    self.init(
      network: network, outputs: recurrence.outputs(),
      gradients: recurrence.backward(network.value.upstream, recordsStates: true).states)
  }
}
