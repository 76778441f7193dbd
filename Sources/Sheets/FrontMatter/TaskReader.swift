// Reads `tasks:` of a sheet's front matter.

import Diagnostics
import Markdown

extension FieldReader {
  /// The keys that every task has, then those that only some kinds have.
  private static let commonKeys = ["id", "kind", "points"]
  private static let kindsOfKey: [(key: String, kinds: Set<Sheet.Task.Kind>)] = [
    ("goals", [.derivation]),
    ("given", [.derivation, .quantity, .bound]),
    ("answer", [.quantity]),
    ("between", [.quantity]),
    ("limit", [.bound]),
    ("slack", [.bound]),
    ("experiment", [.gradientFlow, .remedy]),
    ("require", [.gradientFlow, .remedy]),
    ("fixed", [.forward, .backward, .sequence]),
    ("errors", [.compile]),
    ("blocks", [.forward, .backward, .sequence]),
    ("zero", [.forward, .backward, .sequence]),
    ("set", [.forward, .backward, .sequence]),
    ("follow_through", [.backward, .sequence]),
    ("diagnosis", [.forward, .backward, .sequence, .model]),
    ("part", [.model]),
    ("temperatures", [.model]),
    ("below", [.model]),
    ("seconds", [.model]),
  ]

  /// The tasks of a sheet.
  mutating func tasks(_ entry: FrontMatterEntry) -> [Sheet.Task] {
    guard case .list(let values) = entry.value.content else {
      reportType(entry, "a list whose items look like `- {id: forward, kind: forward, points: 20}`")
      return []
    }
    if values.isEmpty { report("`tasks` is empty; a sheet has at least one task", entry.value.range) }
    var tasks: [Sheet.Task] = []
    for value in values {
      guard case .mapping(let entries) = value.content else {
        report("a task is written `- {id: forward, kind: forward, points: 20}`, \(value.contrast)", value.range)
        continue
      }
      guard let task = task(entries, at: value.range) else { continue }
      if tasks.contains(where: { $0.id == task.id }) {
        report("the task `\(task.id)` stands here twice; each task has an id of its own", task.range)
      }
      tasks.append(task)
    }
    if !tasks.contains(where: { $0.kind == .sequence }) {
      for error in tasks.flatMap(\.errors) where error.function.hasTime {
        report(
          "`\(error.function.rawValue)` is only there where a task of kind sequence asks for it",
          error.message.sourceRange(of: 0..<error.message.text.utf8.count))
      }
    }
    return tasks
  }

  private mutating func task(_ entries: [FrontMatterEntry], at range: Range<Int>) -> Sheet.Task? {
    let fields = fields(entries, known: Self.commonKeys + Self.kindsOfKey.map(\.key), of: "a task")
    for key in Self.commonKeys where fields[key] == nil {
      report("this task has no `\(key)`; write it as in `{id: forward, kind: forward, points: 20}`", range)
    }
    let id = identifier(fields["id"])
    let kind: Sheet.Task.Kind? = word(fields["kind"])
    let points = integer(fields["points"], in: 0...1000)
    if let kind {
      for (key, kinds) in Self.kindsOfKey where !kinds.contains(kind) {
        guard let entry = fields[key] else { continue }
        let names = kinds.map(\.rawValue).sorted().joined(separator: ", ")
        report("`\(key)` belongs to tasks of kind \(names), not to `\(kind.rawValue)`", entry.keyRange)
      }
      if kind == .derivation, fields["goals"] == nil {
        report("a derivation has `goals`, such as `goals: ['\\frac{\\partial L}{\\partial W}']`", range)
      }
      if kind == .derivation, let goals = fields["goals"], case .list([]) = goals.value.content {
        report(
          "`goals` is empty; name what is to be derived, such as `['\\frac{\\partial L}{\\partial W}']`", place(goals))
      }
      if kind == .quantity, fields["answer"] == nil {
        report("a task of kind quantity has an `answer`, such as `answer: 'P = 4H(D+H+1)'`", range)
      }
      if kind == .compile, fields["errors"] == nil {
        report("a task of kind compile has `errors`, such as `errors: [\(Self.listingErrorExample)]`", range)
      }
      if kind == .bound, fields["limit"] == nil {
        report("a task of kind bound has a `limit`: the bound that a learner's own is held against", range)
      }
      if kind == .remedy, fields["require"] == nil {
        report(
          "a remedy has a `require`: what its experiment must reach, as in `require: {growth: 10, far: 0.01}`", range)
      }
    }
    let goals = excerpts(fields["goals"])
    let given = excerpts(fields["given"])
    let answer = excerpt(fields["answer"])
    let between = letterRanges(fields["between"])
    let limit = excerpt(fields["limit"])
    let slack = number(fields["slack"], in: 1...1_000_000)
    let followThrough = number(fields["follow_through"], in: 0...1)
    let fixed = publishedFile(fields["fixed"])
    let part = kind == .model ? modelPart(fields, at: range) : nil
    var experiment = experiment(fields["experiment"])
    if experiment == nil, kind == .gradientFlow || kind == .remedy { experiment = defaultExperiment() }
    let requirements = requirements(fields["require"])
    let zero = blockNames(fields["zero"])
    let held = heldBlocks(zero: zero, set: fields["set"])
    guard let id, let kind, let points else { return nil }
    return Sheet.Task(
      id: id, kind: kind, points: points, goals: goals, given: given, answer: answer, between: between, limit: limit,
      slack: slack, experiment: experiment, require: requirements, fixed: fixed,
      errors: listingErrors(fields["errors"]), blocks: blockNames(fields["blocks"]), held: held,
      followThrough: followThrough, namesMistakes: flag(fields["diagnosis"]) ?? true, model: part,
      range: fields["id"]?.value.range ?? range)
  }

  /// A list of blocks by the names of the learner's code.
  private mutating func blockNames(_ entry: FrontMatterEntry?) -> [Sheet.Task.BlockName] {
    guard let entry else { return [] }
    guard case .list(let values) = entry.value.content, !values.isEmpty else {
      reportType(entry, "a list of blocks such as `[previous.c, Wf]`")
      return []
    }
    return values.compactMap { value in
      text(FrontMatterEntry(key: entry.key, keyRange: entry.keyRange, value: value)).map {
        Sheet.Task.BlockName(name: $0, range: value.range)
      }
    }
  }

  /// An id: small letters, digits and hyphens.
  mutating func identifier(_ entry: FrontMatterEntry?) -> String? {
    guard let entry, let id = text(entry) else { return nil }
    guard Self.isIdentifier(id) else {
      report(
        "`\(id.clipped)` is no id: one is made of small letters, digits and hyphens, such as `nndl-6-4`", place(entry))
      return nil
    }
    return id
  }

  /// Whether a text can be an id.
  static func isIdentifier(_ id: String) -> Bool {
    guard let first = id.utf8.first, let last = id.utf8.last, id.utf8.count <= 64 else { return false }
    return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
      && id.utf8.allSatisfy { ($0.isLetter && $0 & 0x20 != 0) || $0.isDigit || $0 == UInt8(ascii: "-") }
  }
}
