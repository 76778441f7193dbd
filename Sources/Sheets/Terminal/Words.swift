// The few words around a sheet, in each language.

package import Diagnostics

/// What is said around the text of a sheet.
package struct Words {
  package let language: Language

  package init(_ language: Language) {
    self.language = language
  }

  package func choose(_ english: Message, _ chinese: Message) -> String {
    Message(english, chinese).text(in: language)
  }

  package var tasks: String { choose("Tasks: ", "任务：") }

  /// What stands between the items of a list.
  package var separator: String { choose(", ", "、") }

  /// What stands between a name and what it names.
  package var colon: String { choose(": ", "：") }

  /// Where a sheet comes from.
  package func source(_ name: String) -> String { choose("\(name)", "出处：\(name)") }

  package func points(_ count: Int) -> String { choose(count == 1 ? "1 point" : "\(count) points", "\(count) 分") }

  package func minutes(_ count: Int) -> String { choose("about \(count) min", "约 \(count) 分钟") }

  /// What a course comes to.
  ///
  /// - Parameter minutes: of each sheet; the time is left out where one says nothing of it.
  package func total(sheets: Int, points: Int, minutes: [Int?]) -> String {
    let known = minutes.compactMap { $0 }
    let hours = (known.reduce(0, +) + 30) / 60
    let time = known.count == minutes.count && hours > 0 ? choose(", about \(hours) h", "，约 \(hours) 小时") : ""
    return choose("\(sheets) sheets, \(points) points\(time)", "共 \(sheets) 题，\(points) 分\(time)")
  }

  package func needs(_ ids: [String]) -> String { choose("after ", "先做 ") + ids.joined(separator: separator) }

  /// What a learner has reached.
  func best(_ best: Progress.Best) -> String {
    let (points, total) = (Self.number(best.points), Self.number(best.total))
    let mark = best.isFull ? "✓ " : ""
    return choose("\(mark)\(points) / \(total) in \(best.folder)", "\(mark)\(points) / \(total)，见 \(best.folder)")
  }

  /// A number of moderate size with at most four decimals, such as points: half a point is one, however many there are.
  package static func number(_ value: Double) -> String {
    let rounded = (value * 1e4).rounded() / 1e4
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
  }

  package func hint(_ number: Int, of count: Int) -> String {
    choose("Hint \(number) of \(count)", "提示 \(number)/\(count)")
  }

  /// How many hints there are, and how to open the next one.
  package func footer(_ id: String, hints count: Int, opened: Int) -> String {
    if count == 0 { return choose("This sheet has no hints.", "本题没有提示。") }
    if opened >= count { return choose("That was the last hint.", "提示到此为止。") }
    let option = language == .english ? "" : " --language \(language.rawValue)"
    let command = "unroll show \(id)\(option) --hint \(opened + 1)"
    if opened == 0 {
      return choose("\(count == 1 ? "1 hint" : "\(count) hints"): \(command)", "有 \(count) 条提示：\(command)")
    }
    return choose("The next hint: \(command)", "下一条提示：\(command)")
  }

  // MARK: - The list of sheets

  package var listHeader: (points: String, minutes: String, title: String) {
    language == .english ? ("POINTS", "MIN", "TITLE") : ("分值", "分钟", "题目")
  }

  /// What a learner hands in for a task of a kind.
  package func kind(_ kind: Sheet.Task.Kind) -> String {
    switch kind {
    case .forward: choose("forward step, as code", "前向一步（代码）")
    case .backward: choose("backward step, as code", "反向一步（代码）")
    case .sequence: choose("the loop over all steps, as code", "全序列循环（代码）")
    case .compile: choose("a listing that compiles", "能通过编译的代码")
    case .gradientFlow: choose("a look at the gradient flow", "观察梯度流")
    case .remedy: choose("a cell of your own", "自己设计的单元")
    case .derivation: choose("a derivation", "推导")
    case .quantity: choose("a formula", "公式")
    case .bound: choose("a bound", "界")
    case .model: choose("a model, as code", "模型（代码）")
    case .essay: choose("a text, graded by a person", "文字（人工评分）")
    }
  }
}
