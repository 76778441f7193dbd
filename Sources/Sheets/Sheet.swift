// A sheet: what its front matter declares, the equations of its cell, and its text in each language.

public import Diagnostics
public import Formula
public import Recurrence

/// A sheet that has been read and found good.
public struct Sheet: Sendable {
  /// What it is called everywhere, such as `nndl-6-4`.
  public let id: String
  /// The cell that it is about, if it is about one.
  public let cell: Cell?
  /// The model around the cell, where the sheet asks for one.
  public let model: SheetModel?
  /// The equations of the cell: the content of each block ```` ```math forward ````.
  public let forward: [SourceExcerpt]
  /// What a learner does, in order; at least one.
  public let tasks: [Task]
  /// The ids of the sheets that come before it.
  public let needs: [String]
  /// About how long it takes, in minutes.
  public let minutes: Int?
  /// The path of sheet.md.
  public let file: String
  /// Its text in English.
  public let text: SheetText
  /// Its text in Chinese, from sheet.zh.md, where there is one.
  public let translation: SheetText?

  /// Where each id in `needs` stands.
  let needRanges: [Range<Int>]

  /// The English title.
  public var title: String { text.title }
  /// The book or paper that it comes from, such as `NNDL, exercise 6-4`.
  public var source: String? { text.source }
  /// The English hints, to be opened one at a time.
  public var hints: [SheetText.Section] { text.hints }
  /// What all tasks are worth together.
  public var points: Int { tasks.reduce(0) { $0 + $1.points } }
  /// How many of them a person gives by hand, which no check can.
  public var manualPoints: Int { tasks.reduce(0) { $0 + ($1.kind == .essay ? $1.points : 0) } }

  /// The text in a language, or nil where there is none.
  public func text(_ language: Language) -> SheetText? {
    language == .english ? text : translation
  }

  /// Where it comes from in a language, or in English where its text does not say.
  public func source(_ language: Language) -> String? { text(language)?.source ?? source }
}

extension Sheet {
  /// Something that a learner does and that is graded by itself.
  public struct Task: Sendable, Hashable {
    /// What a learner hands in.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// The cell's forward step, as code.
      case forward
      /// The cell's backward step, as code.
      case backward
      /// The loop over T, forward and back, as code.
      case sequence
      /// A listing that does not compile, to be repaired: each of its errors by itself.
      case compile
      /// A look at how the gradient flows.
      case gradientFlow = "gradient-flow"
      /// A cell of the learner's own, judged by experiment.
      case remedy
      /// A derivation on paper.
      case derivation
      /// A formula to find.
      case quantity
      /// A bound to find.
      case bound
      /// A model around a cell, as code: a part of it, or its training.
      case model
      /// A text, which a person grades.
      case essay

      /// Whether the task may be about a cell in layers; all others are about one step or one loop of one layer.
      var goesWithLayers: Bool {
        switch self {
        case .derivation, .quantity, .essay: true
        case .forward, .backward, .sequence, .compile, .gradientFlow, .remedy, .bound, .model: false
        }
      }

      /// Whether the task makes no sense without a cell.
      var needsCell: Bool {
        switch self {
        case .forward, .backward, .sequence, .compile, .gradientFlow, .remedy, .derivation, .model: true
        case .quantity, .bound, .essay: false
        }
      }
    }

    /// What it is called in its sheet.
    public let id: String
    /// What a learner hands in.
    public let kind: Kind
    /// What it is worth.
    public let points: Int
    /// The derivatives to be derived, in LaTeX.
    public let goals: [SourceExcerpt]
    /// What a derivation may rest on, in LaTeX.
    public let given: [SourceExcerpt]
    /// The formula that a `quantity` is held against, in LaTeX.
    public let answer: SourceExcerpt?
    /// Which numbers a letter of a `quantity` stands for, where that is more than a size: whole numbers from 2 up.
    public let between: [LetterRange]
    /// The bound that a `bound` is held against, in LaTeX.
    public let limit: SourceExcerpt?
    /// How many times the sheet's own bound a learner's may be.
    public let slack: Double?
    /// The experiment that a `gradient-flow` or a `remedy` runs; nil for other kinds.
    public let experiment: FlowExperiment?
    /// What the experiment must reach.
    public let require: [Requirement]
    /// A published call with its values, which is one more check.
    public let fixed: PublishedFile?
    /// What the compiler says of a `compile` task's listing.
    public let errors: [ListingError]
    /// The blocks of code that alone are looked at; all where it is empty.
    public let blocks: [BlockName]
    /// The blocks that have one number in every draw, mostly zero, so that a task sees one path through the cell and no
    /// other.
    public let held: [HeldBlock]
    /// The share of the points that a backward earns which fits its own wrong forward.
    public let followThrough: Double?
    /// Whether the report names the mistake behind wrong numbers; not where to find it is the task.
    public let namesMistakes: Bool
    /// Which part of a model a `model` asks for.
    public let model: ModelPart?
    /// Where its id stands in sheet.md.
    public let range: Range<Int>
  }
}

extension Sheet {
  /// Whether a task asks for the learner's own loops over time.
  public var hasSequence: Bool { tasks.contains { $0.kind == .sequence } }

  /// Whether a task asks for code.
  public var asksForCode: Bool { tasks.contains { $0.kind.isCode || $0.kind.isExperiment } }
}

extension Sheet.Task.Kind {
  /// Whether the learner hands in a cell that is compiled.
  public var isCode: Bool { isCalled || self == .compile || self == .model }

  /// Whether the learner's code is called and its answer compared.
  public var isCalled: Bool { self == .forward || self == .backward || self == .sequence }

  /// Whether an experiment is run on a cell that the learner hands in.
  public var isExperiment: Bool { self == .gradientFlow || self == .remedy }

  /// Whether the learner hands it in as formulas in derivation.md.
  public var isWritten: Bool { self == .derivation || self == .bound || self == .quantity }
}
