// Judges a learner's model: its values block by block, and the loss that its training reaches, measured outside.

import CellKit
package import Diagnosis
import Diagnostics
import Formula
import FoundationEssentials
import Markdown
package import Models
import Recurrence
package import Sheets
package import SubmissionHost
import Wire

/// Judges the tasks of kind `model` of one sheet.
package struct ModelJudge: Sendable {
  package let model: SequenceModel
  package let data: ModelData
  private let forwardTask: String?
  /// The task that asks for the gradients, also where it is not graded now.
  private let gradientsTask: Sheet.Task?

  /// - Throws: what is wrong with the sheet's data, at its place.
  init(_ sheetModel: SheetModel, sheet: Sheet) throws(DiagnosticList) {
    model = sheetModel.model
    data = try ModelData(sheetModel, in: URL(filePath: sheet.file).deletingLastPathComponent())
    forwardTask = sheet.tasks.first { $0.model == .forward }?.id
    gradientsTask = sheet.tasks.first { $0.model == .gradients }
  }

  // MARK: Checks

  /// What a check of a model looks at.
  package enum Item: Sendable, Hashable {
    case result(Int), loss
    case gradient(Int)
    case sample(temperature: Double)
    case clippedBefore, clippedAfter, clippedBlocks
    case training
  }

  /// The checks of a task before they have a finding.
  private func items(of part: ModelPart?) -> [(id: String, title: String, item: Item)] {
    switch part {
    case .forward:
      return model.results.enumerated().map { index, quantity in
        (quantity.swift, MathText.line(quantity.name.latex(time: "t")), .result(index))
      } + [("loss", "L", .loss)]
    case .gradients:
      return model.parameters.enumerated().map { index, quantity in
        (quantity.swift, "∂L/∂" + MathText.line(quantity.name.latex), .gradient(index))
      }
    case .sampling(let temperatures):
      return temperatures.map { temperature in
        temperature == 0
          ? ("greedy", "argmax", .sample(temperature: 0))
          : ("\(temperature)", "τ = \(temperature)", .sample(temperature: temperature))
      }
    case .clipping:
      return [
        ("before", "‖g‖", .clippedBefore), ("after", "‖clip(g)‖", .clippedAfter), ("blocks", "clip(g)", .clippedBlocks),
      ]
    case .training: return [("loss", "L", .training)]
    case nil: return []
    }
  }

  /// The checks of a task, each with its share of the points.
  package func checks(of task: Sheet.Task, _ finding: (Item) -> (Finding, Diagnosis?)) -> [Check] {
    let items = items(of: task.model)
    return zip(items, shares(of: task.points, among: items.count)).map { item, points in
      let (found, diagnosis) = finding(item.item)
      return Check(
        task: task.id, id: "\(task.id).\(item.id)", title: item.title, finding: found,
        diagnosis: found == .agrees ? nil : diagnosis, maxPoints: points)
    }
  }

  // MARK: Running

  /// Calls of one task with what is expected of them.
  package struct Batch: Sendable {
    /// What one call should answer, list by list.
    struct Expectation: Sendable {
      let lists: [[Matrix]]
      let place: @Sendable (Int?) -> DrawPlace
    }

    package let task: String
    let calls: [Call]
    let expectations: [Expectation]
    /// What each of the answer's lists belongs to.
    package let items: [[Item]]
    var outcomes: [CallOutcome] = []

    package var failure: CallFailure? {
      for case .failed(let failure) in outcomes { return failure }
      return nil
    }
  }

  /// What a model is asked.
  package struct Questions: Sendable {
    let draws: [ModelDraw]
    let batches: [Batch]
    let seed: UInt64
  }

  /// A training, which is a call of its own, and what is to come of it.
  package struct Training: Sendable {
    let task: Sheet.Task
    let below: Double
    let data: [ModelBatch]
    let start: [Matrix]
    let limits: CallLimits

    /// The call that asks for it.
    var call: Call {
      .model(.modelTrain, [start] + data.flatMap { [$0.start, $0.words, $0.targets, $0.mask] })
    }
  }

  /// What a model is asked by some tasks.
  package func questions(of tasks: [Sheet.Task], seed: UInt64) -> Questions {
    let draws = ModelDraw.several(model, seed: seed)
    let values = draws.map { model.values($0.batch, $0.parameters, letters: $0.letters) }
    // A training counts only with right gradients, so they are looked at also where their own task is not graded.
    var asked = tasks
    if tasks.contains(where: \.isTraining), let task = gradientsTask, !tasks.contains(task) { asked.append(task) }
    return Questions(
      draws: draws, batches: asked.flatMap { batches(of: $0, draws, values, seed: seed) }, seed: seed)
  }

  /// The checks that the answers decide, and the trainings that are to follow.
  package func judge(
    _ questions: Questions, _ tasks: [Sheet.Task], _ outcomes: [CallOutcome]
  ) -> (checks: [Check], trainings: [Training]) {
    var batches = questions.batches
    var outcomes = outcomes[...]
    for index in batches.indices {
      batches[index].outcomes = Array(outcomes.prefix(batches[index].calls.count))
      outcomes = outcomes.dropFirst(batches[index].calls.count)
    }
    let slips = ModelDiagnostician(model, questions.draws, batches)
    let forwardFailed = batches.contains { $0.task == forwardTask && $0.failure != nil }
    var checks: [Check] = []
    var trainings: [Training] = []
    for task in tasks {
      if case .training(let below, let seconds)? = task.model {
        // Parameters that come from elsewhere say nothing about a learner's gradients.
        if let needed = batches.first(where: { !$0.allowsTraining }) {
          checks += self.checks(of: task) { _ in (.skipped(needs: needed.task), nil) }
        } else {
          trainings.append(
            Training(
              task: task, below: below, data: data.batches(seed: questions.seed),
              start: data.parameters(seed: questions.seed), limits: CallLimits(seconds: seconds)))
        }
        continue
      }
      if task.model == .gradients, forwardFailed, let forwardTask {
        checks += self.checks(of: task) { _ in (.skipped(needs: forwardTask), nil) }
        continue
      }
      let own = batches.filter { $0.task == task.id }
      checks += self.checks(of: task) { item in
        guard let batch = own.first(where: { $0.items.contains { $0.contains(item) } }) else { return (.notSet, nil) }
        let finding = batch.finding(item)
        guard task.namesMistakes, finding.isAboutNumbers else { return (finding, nil) }
        return (finding, slips.diagnose(batch, for: item, seed: questions.seed))
      }
    }
    return (checks, trainings)
  }

  private func batches(
    of task: Sheet.Task, _ draws: [ModelDraw], _ values: [ModelValues], seed: UInt64
  ) -> [Batch] {
    func passes(_ kind: Call.Kind, _ items: [[Item]], _ lists: (ModelValues) -> [[Matrix]]) -> Batch {
      Batch(
        task: task.id,
        calls: draws.map { draw in
          .model(
            kind, [draw.parameters, draw.batch.start, draw.batch.words, draw.batch.targets, draw.batch.mask])
        },
        expectations: zip(draws, values).map { draw, value in
          .init(lists: lists(value), place: { draw.place(step: $0) })
        }, items: items)
    }
    switch task.model {
    case .forward:
      return [
        passes(.modelForward, model.results.indices.map { [.result($0)] } + [[.loss]]) { values in
          values.results + [[Matrix(rows: 1, columns: 1, repeating: values.loss)]]
        }
      ]
    case .gradients:
      return [passes(.modelGradients, [model.parameters.indices.map(Item.gradient)]) { [$0.gradients] }]
    case .sampling(let temperatures):
      return temperatures.map { temperature in
        let draws = SamplingDraw.several(model, temperature: temperature, seed: seed)
        return Batch(
          task: task.id, calls: draws.map(\.call),
          expectations: draws.map { draw in .init(lists: [draw.expected], place: { draw.place(step: $0) }) },
          items: [[.sample(temperature: temperature)]])
      }
    case .clipping: return [ClippingDraw.batch(draws, values, task: task.id)]
    case .training, nil: return []
    }
  }

  // MARK: Training

  /// What a training with the learner's code inside has come to, measured outside.
  package func finding(of training: Training, _ outcomes: [CallOutcome]) -> Finding {
    let place = DrawPlace(sizes: data.sizes, step: nil)
    switch outcomes.first {
    case .failed(let failure): return .noAnswer(failure)
    case .unsteady: return .unsteady(at: place)
    case nil: return .noAnswer(.malformedAnswer(reason: "there is no answer"))
    case .answered(let answer):
      guard let blocks = answer.lists.first, answer.lists.count == 1, blocks.count == training.start.count else {
        return .noAnswer(.malformedAnswer(reason: "an answer does not hold what was asked for"))
      }
      var parameters: [Matrix] = []
      for (block, wanted) in zip(blocks, training.start) {
        guard case .matrix(let matrix) = block, matrix.rows == wanted.rows, matrix.columns == wanted.columns else {
          return Comparison.trouble(expected: [wanted], received: [block], at: { _ in place }) ?? .notSet
        }
        parameters.append(matrix)
      }
      let loss = model.loss(training.data, parameters, letters: data.sizes)
      if loss < training.below { return .agrees }
      let before = model.loss(training.data, training.start, letters: data.sizes)
      return .notReached(
        loss: loss, below: training.below, before: before, isUntouched: parameters == training.start)
    }
  }
}

extension ModelJudge.Batch {
  /// Whether a training may follow: the forward pass has an answer, the gradients are right.
  fileprivate var allowsTraining: Bool {
    items.joined().allSatisfy { item in
      switch item {
      case .result, .loss: failure == nil
      case .gradient: finding(item) == .agrees
      default: true
      }
    }
  }

  /// What all calls say about one item: the first trouble, or that they agree.
  package func finding(_ item: ModelJudge.Item) -> Finding {
    if let failure { return .noAnswer(failure) }
    for (expectation, outcome) in zip(expectations, outcomes) {
      switch outcome {
      case .failed(let failure): return .noAnswer(failure)
      case .unsteady(let first, let second):
        if received(item, first) != received(item, second) { return .unsteady(at: expectation.place(nil)) }
        if let trouble = trouble(item, first, expectation) { return trouble }
      case .answered(let answer):
        if let trouble = trouble(item, answer, expectation) { return trouble }
      }
    }
    return outcomes.count == expectations.count && !outcomes.isEmpty ? .agrees : .notSet
  }

  private func trouble(_ item: ModelJudge.Item, _ answer: Answer, _ expectation: Expectation) -> Finding? {
    guard answer.lists.count == expectation.lists.count else {
      return .noAnswer(.malformedAnswer(reason: "an answer does not hold what was asked for"))
    }
    guard let (list, index) = position(of: item), let values = received(item, answer) else { return .notSet }
    let wanted = expectation.lists[list]
    if item == .clippedAfter { return ClippingDraw.troubleAfter(wanted, values, expectation.place) }
    // An empty list is one that was never filled.
    if values.isEmpty { return .notSet }
    return Comparison.trouble(
      expected: index.map { [wanted[$0]] } ?? wanted, received: values, at: expectation.place)
  }

  /// The list that an item stands in, and its place there where the list holds several items.
  private func position(of item: ModelJudge.Item) -> (list: Int, index: Int?)? {
    if item == .clippedBefore { return (1, nil) }
    if item == .clippedAfter || item == .clippedBlocks { return (0, nil) }
    for (list, items) in items.enumerated() {
      guard let index = items.firstIndex(of: item) else { continue }
      return (list, items.count > 1 || expectations.first.map { $0.lists[list].count == 1 } == true ? index : nil)
    }
    return nil
  }

  /// What an answer holds for an item, one value a step; nil where there is nothing at its place.
  package func received(_ item: ModelJudge.Item, _ answer: Answer) -> [BlockValue]? {
    guard let (list, index) = position(of: item), list < answer.lists.count else { return nil }
    guard let index else { return answer.lists[list] }
    guard index < answer.lists[list].count else { return nil }
    return [answer.lists[list][index]]
  }
}

extension Finding {
  /// Whether it says that numbers are wrong, which a slip may explain.
  fileprivate var isAboutNumbers: Bool {
    switch self {
    case .differs, .notFinite: true
    default: false
    }
  }
}

extension Sheet.Task {
  /// Whether it is the training of a model.
  fileprivate var isTraining: Bool {
    if case .training? = model { true } else { false }
  }
}
