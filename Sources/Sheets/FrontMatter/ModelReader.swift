// Reads `model:` of a sheet's front matter, and what its tasks ask for.

import Diagnostics
import Models
import Recurrence

extension FieldReader {
  private static let modelKeys = ["target", "mask", "scores", "loss", "over", "start", "data"]
  private static let modelExample = "target: y"

  /// The model; nil where something that it cannot do without is wrong.
  mutating func model(_ entry: FrontMatterEntry, sizes: Set<String>) -> ModelDeclaration? {
    guard let entries = entries(entry, example: Self.modelExample) else { return nil }
    let fields = fields(entries, known: Self.modelKeys, of: "`model`")
    for key in Self.modelKeys where key != "start" && fields[key] == nil {
      report("`model` has no `\(key)`; write it below `model:`", entry.keyRange)
    }
    func role(_ key: String) -> ModelDeclaration.Role? {
      guard let symbol = text(fields[key]), let entry = fields[key] else { return nil }
      return ModelDeclaration.Role(key: key, symbol: symbol, range: entry.value.range)
    }
    let (target, mask, scores, loss) = (role("target"), role("mask"), role("scores"), role("loss"))
    let average: SequenceModel.Average? = word(fields["over"])
    var inputs: [Declaration] = []
    var parameters: [Declaration] = []
    if let start = fields["start"], let entries = self.entries(start, example: "input: {v: [F]}") {
      let parts = self.fields(entries, known: ["input", "parameters"], of: "`start`")
      inputs = quantities(parts["input"], sizes: sizes)
      parameters = quantities(parts["parameters"], sizes: sizes)
      if inputs.isEmpty { report("`start` has no `input`: what a sequence is about, such as `v: [F]`", start.keyRange) }
    }
    let data = fields["data"].flatMap { modelData($0) }
    guard let target, let mask, let scores, let loss, let average, let data, let dataEntry = fields["data"] else {
      return nil
    }
    return ModelDeclaration(
      target: target, mask: mask, scores: scores, loss: loss, average: average, startInputs: inputs,
      startParameters: parameters, startRange: fields["start"]?.keyRange, data: data, dataRange: dataEntry.keyRange)
  }

  private mutating func modelData(_ entry: FrontMatterEntry) -> SheetModel.Data? {
    guard let entries = entries(entry, example: "captions: 50") else { return nil }
    let fields = fields(entries, known: ["captions", "text", "window", "batch"], of: "`data`")
    if let captions = fields["captions"] {
      for key in ["text", "window", "batch"] {
        if let other = fields[key] { report("`\(key)` does not go with `captions`", other.keyRange) }
      }
      return integer(captions, in: 2...1000).map(SheetModel.Data.captions)
    }
    for key in ["text", "window", "batch"] where fields[key] == nil {
      report("`data` is `captions: 50` or `text: rhyme.txt` with `window: 20` and `batch: 16`", entry.keyRange)
      return nil
    }
    guard let file = text(fields["text"]), let window = integer(fields["window"], in: 2...500),
      let batch = integer(fields["batch"], in: 1...500), let place = fields["text"]?.value.range
    else { return nil }
    guard !file.contains("/"), file.hasSuffix(".txt"), !file.hasPrefix(".") else {
      report("the text lies beside the sheet and its name ends in `.txt`; `\(file.clipped)` does not", place)
      return nil
    }
    return .text(file: file, window: window, batch: batch)
  }

  // MARK: - Tasks

  /// The words for `part`.
  private enum Part: String, CaseIterable {
    case forward, gradients, sampling, clipping, training
  }

  /// What a task of kind `model` asks for.
  mutating func modelPart(_ fields: [String: FrontMatterEntry], at range: Range<Int>) -> ModelPart? {
    guard let entry = fields["part"] else {
      report("a task of kind model has a `part`: forward, gradients, sampling, clipping or training", range)
      return nil
    }
    guard let part: Part = word(entry) else { return nil }
    for (key, owner) in [("temperatures", Part.sampling), ("below", .training), ("seconds", .training)] {
      if let field = fields[key], part != owner {
        report("`\(key)` belongs to the part \(owner.rawValue), not to `\(part.rawValue)`", field.keyRange)
      } else if fields[key] == nil, part == owner {
        let example = key == "temperatures" ? "[0.5, 1, 2]" : key == "below" ? "0.1" : "60"
        report("the part \(part.rawValue) has `\(key)`, such as `\(key): \(example)`", range)
      }
    }
    switch part {
    case .forward: return .forward
    case .gradients: return .gradients
    case .clipping: return .clipping
    case .sampling: return temperatures(fields["temperatures"]).map { .sampling(temperatures: $0) }
    case .training:
      guard let below = number(fields["below"], in: 1e-6...1e6), let seconds = number(fields["seconds"], in: 1...120)
      else { return nil }
      return .training(below: below, seconds: seconds)
    }
  }

  private mutating func temperatures(_ entry: FrontMatterEntry?) -> [Double]? {
    guard let entry else { return nil }
    guard case .list(let values) = entry.value.content, !values.isEmpty else {
      reportType(entry, "a list such as `[0.5, 1, 2]`, or `[0]` for greedy sampling")
      return nil
    }
    guard values.count <= 10 else {
      report("`temperatures` has \(values.count) entries; there are at most 10", place(entry))
      return nil
    }
    let numbers = values.compactMap { value in
      number(FrontMatterEntry(key: "temperatures", keyRange: value.range, value: value), in: 0...100)
    }
    guard numbers.count == values.count else { return nil }
    if numbers.contains(0), numbers.count > 1 {
      report("greedy sampling (`0`) has an interface of its own and stands alone", entry.keyRange)
    } else if let low = numbers.first(where: { $0 != 0 && $0 < 0.01 }) {
      report("the temperature \(low) is too small to be told from 0", entry.keyRange)
    } else if Set(numbers).count != numbers.count {
      report("a temperature stands here twice", entry.keyRange)
    } else {
      return numbers
    }
    return nil
  }

  /// What tasks of a sheet with a model, or without one, may not be.
  mutating func checkModelTasks(_ tasks: [Sheet.Task], hasModel: Bool) {
    var parts: Set<String> = []
    for task in tasks {
      if task.kind == .model, !hasModel {
        report("the task `\(task.id)` is about a model, and the front matter has no `model`", task.range)
      } else if hasModel, task.kind.isExperiment || (task.kind.isCode && task.kind != .model) {
        report(
          "`\(task.id)`: a sheet with a `model` has one interface, so its tasks in code are of kind model", task.range)
      }
      guard let part = task.model else { continue }
      let word = String("\(part)".prefix { $0 != "(" })
      if !parts.insert(word).inserted { report("two tasks have `part: \(word)`; keep one of them", task.range) }
    }
    if parts.contains("gradients") || parts.contains("training"), !parts.contains("forward") {
      report("gradients and training need a task with `part: forward`", tasks.first?.range ?? 0..<3)
    }
    if hasModel, parts.isEmpty {
      report("a sheet with a `model` has at least one task of kind model", tasks.first?.range ?? 0..<3)
    }
  }
}
