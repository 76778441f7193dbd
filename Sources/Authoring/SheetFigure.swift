// The experiments of a sheet on its own equations, as a picture for its page.

public import Diagnostics
public import GradientFlow
import Grading
import Recurrence
public import Sheets

/// What the experiments of a sheet show.
public struct SheetFigure: Sendable {
  private let sheet: Sheet
  private let table: FlowTable
  private let commandLine: String

  /// How many networks are drawn for a picture, more than a learner's cell is run on.
  private static let seeds = 20

  /// Runs the experiments of a sheet; each variant once.
  ///
  /// - Returns: nil for a sheet without one.
  /// - Throws: what is wrong with an experiment of the sheet, or `CancellationError`.
  public init?(_ sheet: Sheet, with runner: any CellRunner) async throws {
    guard let cell = sheet.cell else { return nil }
    let plans = try sheet.tasks.filter(\.kind.isExperiment).map { try FlowPlan($0, cell: cell) }
    guard let first = plans.first else { return nil }
    let state = cell.quantities.states[first.state].swift
    var table = FlowTable()
    var variants: [String] = []
    for var experiment in plans.flatMap(\.experiments) where !variants.contains(experiment.variant.name) {
      variants.append(experiment.variant.name)
      experiment.seeds = Self.seeds
      experiment.steps = first.experiments.first?.steps ?? experiment.steps
      try await table.add(experiment, on: cell, named: cell.title, quantities: [state], with: runner)
    }
    self.sheet = sheet
    self.table = table
    let sizes = first.experiments.first ?? .forSubmissions
    commandLine =
      "unroll plot \(sheet.id) --hidden \(sizes.hidden) --batch \(sizes.batch)"
      + (sizes.steps == 100 ? "" : " --steps \(sizes.steps)") + variants.map { " --variant \($0)" }.joined()
      + (cell.quantities.states.count > 1 ? " --quantity \(state)" : "")
  }

  /// The picture in a language, with what it shows in words.
  public func drawn(_ language: Language, by gnuplot: Gnuplot) async throws -> PageFigure {
    let labels = language == .chinese ? Gnuplot.Labels.chinese : .english
    let bytes = try await gnuplot.draw(table, format: .svg, labels: labels, isNarrow: true)
    return PageFigure(
      svg: String(decoding: bytes, as: UTF8.self), alternative: alternative(language), caption: caption(language),
      command: commandLine)
  }

  private func say(_ language: Language, _ english: Message, _ chinese: Message) -> String {
    Message(english, chinese).text(in: language)
  }

  /// The curves in words: where each one ends, and what theory says.
  private func alternative(_ language: Language) -> String {
    let steps = table.rows.first?.steps ?? 0
    let state = table.rows.first?.quantity ?? ""
    let ends = table.rows.filter { $0.step == 0 }.map { row in
      let value = Self.power(row.relative.median)
      let theory = row.predicted.map { say(language, " (theory \(Self.power($0)))", "（理论值 \(Self.power($0))）") } ?? ""
      return say(language, "\(row.variant): \(value)\(theory)", "\(row.variant)：\(value)\(theory)")
    }
    return say(
      language,
      "A plot of the norm of the gradient by \(state) against the number of steps back from the loss, on a logarithmic scale, relative to the last step. After \(steps) steps: \(ends.joined(separator: "; ")).",
      "对 \(state) 的梯度的范数随往回走的步数变化的曲线，对数坐标，相对于最后一步。走回 \(steps) 步之后：\(ends.joined(separator: "；"))。")
  }

  private func caption(_ language: Language) -> String {
    let hidden = table.rows.first?.hidden ?? 0
    let steps = table.rows.first?.steps ?? 0
    return say(
      language,
      "\(sheet.cell?.title ?? ""), \(Self.seeds) random networks with H = \(hidden) over \(steps) steps: the median, shaded the range from 10 to 90 %, dashed what theory says of very wide networks (root mean square).",
      "\(sheet.cell?.title ?? "")，\(Self.seeds) 个随机网络，H = \(hidden)，\(steps) 步：实线是中位数，阴影是 10% 到 90% 的范围，虚线是网络很宽时的理论值（均方根）。"
    )
  }

  /// A number as a power of ten with one digit before it.
  private static func power(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var exponent = 0
    var digits = value
    while digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
    while digits >= 9.95 { (digits, exponent) = (digits / 10, exponent + 1) }
    let rounded = (digits * 10).rounded() / 10
    return exponent == 0 ? "\(rounded)" : "\(rounded) · 10^\(exponent)"
  }
}
