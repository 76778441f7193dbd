// The derivation.md with which a learner begins: what is asked for, how to write it, and one line that holds.

import Diagnostics
import Formula
import Recurrence
import Sheets

/// The text of a learner's first derivation.md.
struct DerivationSkeleton {
  let text: String

  /// nil for a sheet that asks for nothing in writing.
  init?(_ sheet: Sheet, language: Language) {
    func say(_ english: Message, _ chinese: Message) -> String { Message(english, chinese).text(in: language) }
    let written = sheet.tasks.filter { $0.kind.isWritten || $0.kind == .essay }
    guard !written.isEmpty else { return nil }
    var lines = [
      "# \(sheet.text(language)?.title ?? sheet.title)", "",
      say(
        "Write prose as you like, English or Chinese, and every formula that counts in a block like the one below.",
        "文字随意，中英文都可以；要计分的公式写在像下面那样的公式块里。"),
      say(
        "Each `=` is checked by itself; a name of your own is introduced by `:=`.",
        "每个 `=` 单独检查；自己起的名字用 `:=` 引入。"),
    ]
    if let cell = sheet.cell, cell.declaration.layers == nil, cell.quantities.outputs.isEmpty {
      lines.append(
        say(
          "Write in your own letters if you like: state your forward equations first, and the report says how it read them.",
          "也可以用你自己的记号：先写出前向方程，报告会说明是怎样理解的。"))
    }
    for task in written {
      let heading = say("## \(task.id) (\(task.points) points)", "## \(task.id)（\(task.points) 分）")
      switch task.kind {
      case .derivation:
        lines += ["", heading, "", say("To be derived:", "要推导的有："), ""]
        // Code spans, so that they are not taken for claims.
        lines += task.goals.map { "- `\($0.text)`" }
      case .bound:
        lines += ["", heading, "", say("To be bounded:", "要估计上界的是："), ""]
        lines.append("- `\(task.boundedQuantity ?? "")`")
      case .quantity:
        lines += [
          "", heading, "", say("To be found; write your formula in the place of the dots:", "要求出的公式，请写在省略号的位置："), "",
          "```math", "\(task.quantityName ?? "") = …", "```",
        ]
      case .essay:
        lines += [
          "",
          say(
            "## \(task.id) (\(task.points) points, graded by a person)",
            "## \(task.id)（\(task.points) 分，由老师评分）"), "",
        ]
      default: continue
      }
    }
    guard written.contains(where: { $0.kind == .derivation || $0.kind == .bound }),
      let state = sheet.cell?.quantities.states.first
    else {
      text = lines.joined(separator: "\n") + "\n"
      return
    }
    let name = state.name.latex(time: "T")
    lines += [
      "", say("## An example", "## 示例"), "",
      say(
        "At the last step nothing comes back from later ones, so only the step's own loss counts:",
        "在最后一步，没有更后面的步传回梯度，所以只有这一步自己的损失："), "",
      "```math", "\\frac{\\partial L}{\\partial \(name)} = \\frac{\\partial L_T}{\\partial \(name)}", "```", "",
    ]
    text = lines.joined(separator: "\n")
  }
}
