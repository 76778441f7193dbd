// The derivation.md with which a learner begins: what is asked for, how to write it, and one line that holds.

import Diagnostics
import Formula
import Recurrence
import Sheets

/// The text of a learner's first derivation.md.
struct DerivationSkeleton {
  let text: String

  /// nil for a sheet that asks for nothing in writing.
  init?(_ sheet: Sheet, cell: Cell) {
    let written = sheet.tasks.filter { $0.kind.isWritten || $0.kind == .essay }
    guard !written.isEmpty, let state = cell.quantities.states.first else { return nil }
    var lines = [
      "# \(sheet.title)", "",
      "Write prose as you like, English or Chinese, and every formula that counts in a block like the one below.",
      "Each `=` is checked by itself; a name of your own is introduced by `:=`.",
    ]
    for task in written {
      switch task.kind {
      case .derivation:
        lines += ["", "## \(task.id) (\(task.points) points)", "", "To be derived:", ""]
        // Code spans, so that they are not taken for claims.
        lines += task.goals.map { "- `\($0.text)`" }
      case .bound:
        lines += ["", "## \(task.id) (\(task.points) points)", "", "To be bounded:", ""]
        lines.append("- `\(WrittenWork.boundedQuantity(task) ?? "")`")
      case .quantity:
        lines += ["", "## \(task.id) (\(task.points) points)", "", "To be found, as a formula of the sizes:", ""]
        lines.append("- `\(WrittenWork.quantityName(task) ?? "") = …`")
      case .essay:
        lines += ["", "## \(task.id) (\(task.points) points, graded by a person)", ""]
      default: continue
      }
    }
    guard written.contains(where: { $0.kind == .derivation || $0.kind == .bound }) else {
      text = lines.joined(separator: "\n") + "\n"
      return
    }
    let name = state.name.latex(time: "T")
    lines += [
      "", "## An example", "",
      "At the last step nothing comes back from later ones, so only the step's own loss counts:", "",
      "```math", "\\frac{\\partial L}{\\partial \(name)} = \\frac{\\partial L_T}{\\partial \(name)}", "```", "",
    ]
    text = lines.joined(separator: "\n")
  }
}
