// The blocks of an answer that a task looks at, and those that are the same in all its draws.

package import Diagnosis
package import Diagnostics
import Formula
import Markdown
package import Recurrence
package import Sheets

/// What a check looks at.
package enum CheckSubject: Sendable {
  /// A block of an answer.
  case block(BlockAddress)
  /// What the compiler says of a listing that is to be repaired.
  case compilerError(Sheet.Task.ListingError)
  case whole

  /// The block, where it is one.
  package var address: BlockAddress? { if case .block(let address) = self { address } else { nil } }
}

/// A block with its id below the task, such as `previous.c`, and what a person reads, such as `∂L/∂cₜ₋₁`.
package struct TaskBlock {
  package let id: String
  package let title: String
  package let subject: CheckSubject
}

extension Judge {
  /// What a task of code looks at: everything of its kind, or the blocks that the sheet names.
  package func blocks(of task: Sheet.Task) -> [TaskBlock] {
    let all = Self.blocks(of: task, in: cell)
    return task.blocks.isEmpty ? all : all.filter { item in task.blocks.contains { $0.name == item.id } }
  }

  private static func blocks(of task: Sheet.Task, in cell: Cell) -> [TaskBlock] {
    switch task.kind {
    case .forward: blocks(of: .forward, in: cell)
    case .backward: blocks(of: .backward, in: cell)
    case .sequence: blocks(of: .forwardThroughTime, in: cell) + blocks(of: .backwardThroughTime, in: cell)
    case .compile:
      task.errors.enumerated().map { index, error in
        TaskBlock(id: "\(index + 1)", title: error.message.text, subject: .compilerError(error))
      }
    default: [TaskBlock(id: "", title: task.id, subject: .whole)]
    }
  }

  /// What a function of a cell gives back.
  package static func blocks(of function: Sheet.Task.ListingError.Function, in cell: Cell) -> [TaskBlock] {
    let quantities = cell.quantities
    func gradients(prefix: String, time: String) -> [TaskBlock] {
      func title(_ latex: String) -> String { "∂L/∂" + MathText.line(latex) }
      return quantities.inputs.enumerated().map { index, quantity in
        TaskBlock(id: quantity.swift, title: title(quantity.name.latex(time: "t")), subject: .block(.input(index)))
      }
        + quantities.states.enumerated().map { index, quantity in
          TaskBlock(
            id: "\(prefix).\(quantity.swift)", title: title(quantity.name.latex(time: time)),
            subject: .block(.previous(index)))
        }
        + quantities.parameters.enumerated().map { index, quantity in
          TaskBlock(id: quantity.swift, title: title(quantity.name.latex), subject: .block(.parameter(index)))
        }
    }
    switch function {
    case .forward, .forwardThroughTime:
      return quantities.results.enumerated().map { index, quantity in
        TaskBlock(
          id: quantity.swift, title: MathText.line(quantity.name.latex(time: "t")), subject: .block(.output(index)))
      }
    case .backward: return gradients(prefix: "previous", time: "t-1")
    case .backwardThroughTime: return gradients(prefix: "initial", time: "0")
    }
  }

  /// The blocks that each task does not draw.
  ///
  /// - Throws: names in `blocks`, `zero` or `set` that the cell does not have, at their place in the sheet.
  package static func held(_ tasks: [Sheet.Task], _ sheet: Sheet, _ cell: Cell) throws(DiagnosticList) -> [String: [Draw
    .Held]]
  {
    var findings: [Diagnostic] = []
    func refuse(_ entry: Sheet.Task.BlockName, _ known: [String]) {
      let list = known.map { "`\($0)`" }.joined(separator: ", ")
      findings.append(
        Diagnostic(
          "there is no `\(entry.name)` here; there are \(list)", in: sheet.text.markdown.source, at: entry.range))
    }
    var held: [String: [Draw.Held]] = [:]
    for task in tasks where task.kind.isCalled {
      let known = blocks(of: task, in: cell).map(\.id)
      for entry in task.blocks where !known.contains(entry.name) { refuse(entry, known) }
      let places = BlockAddress.ofCall(cell, isSequence: task.kind == .sequence)
      for entry in task.held {
        if let place = places.first(where: { $0.name == entry.block.name }) {
          held[task.id, default: []].append(.init(block: place.block, value: entry.value))
        } else {
          refuse(entry.block, places.map(\.name))
        }
      }
    }
    guard findings.isEmpty else { throw DiagnosticList(findings) }
    return held
  }
}
