// A cell that is called in this process: judging without a compiler and without a jail.

import CellKit
import Faults
import Recurrence
import Sandbox
import Synchronization
import Wire

@testable import Diagnosis
@testable import SubmissionHost

/// The equations of a cell, with mistakes of one's choice, as a program that can be called for steps and sequences.
final class MemoryCell: CellCaller {
  /// The mistakes of one program.
  struct Mistakes: Sendable {
    /// Of the forward pass; the backward pass is right for it.
    var forward: WrongForward?
    /// Of the backward pass of a step.
    var faults: [Fault] = []
    /// Of the loop over time.
    var loop: TimeFault?
    /// What becomes of an answer on its way out.
    var change: @Sendable (inout Answer) -> Void = { _ in }
  }

  private let cell: Cell
  private let mistakes: Mistakes
  private let counter = Mutex(0)

  init(_ cell: Cell, _ mistakes: Mistakes = Mistakes()) { (self.cell, self.mistakes) = (cell, mistakes) }

  /// How many calls were made.
  var count: Int { counter.withLock { $0 } }

  func run(_ calls: [Call], limits: CallLimits) async -> RunReport {
    counter.withLock { $0 += calls.count }
    return RunReport(
      outcomes: calls.map { call in
        do { return .answered(try answer(call)) } catch {
          return .failed(.malformedAnswer(reason: "\(error)"))
        }
      },
      printed: calls.map { _ in PrintedText() }, processes: 0)
  }

  private func answer(_ call: Call) throws -> Answer {
    let quantities = cell.quantities
    let value = Case(
      parameters: quantities.parameters.map { call.parameters[$0.swift] ?? .notSet },
      inputs: quantities.inputs.map { input in call.inputs.map { $0[input.swift] ?? .notSet } },
      initial: quantities.states.map { call.initial[$0.swift] ?? .notSet },
      upstream: quantities.results.map { result in
        call.inputs.indices.map { $0 < call.upstream.count ? call.upstream[$0][result.swift] : nil }
      })
    let run = FaultyRun(mistakes.forward?.cell ?? cell, sizes: try cell.sizes(of: value), value)
    var answer = Answer()
    func steps(_ quantities: [Quantity], _ values: [[Matrix]?]) -> [[String: BlockValue]] {
      (0..<value.steps).map { step in
        Dictionary(
          uniqueKeysWithValues: zip(quantities, values).map { quantity, list in
            (quantity.swift, list.map { BlockValue($0[step]) } ?? .notSet)
          })
      }
    }
    func blocks(_ quantities: [Quantity], _ values: [Matrix?]) -> [String: BlockValue] {
      Dictionary(
        uniqueKeysWithValues: zip(quantities, values).map { ($0.swift, $1.map(BlockValue.init) ?? .notSet) })
    }
    answer.outputs = steps(quantities.results, run.outputs)
    if call.kind == .backward || call.kind == .backwardThroughTime {
      let gradients = run.gradients(mistakes.faults, time: mistakes.loop)
      answer.inputGradients = steps(quantities.inputs, gradients.inputs)
      answer.stateGradients = [blocks(quantities.states, gradients.initial)]
      answer.parameterGradients = blocks(quantities.parameters, gradients.parameters)
    }
    mistakes.change(&answer)
    return answer
  }
}

/// A host whose programs are cells in memory, chosen by the text of a submission's first file.
struct MemoryHost: Host {
  let program: @Sendable (String) -> Compiled
  var machine: MachineFault?

  var name: String { "kit memory, none" }
  var gaps: [IsolationGap] { [] }

  func compile(
    _ submission: Submission, _ interface: CellInterface, declarations: CellInterface?, _ attempt: Attempt
  ) async -> Compiled { program(submission.files[0].text) }

  func settle<Value: Sendable>(
    _ attempt: (Attempt) async throws(GradingError) -> Value
  ) async throws(GradingError) -> Value { try await attempt(Attempt(.only)) }

  func fault() async -> MachineFault? { machine }
}
