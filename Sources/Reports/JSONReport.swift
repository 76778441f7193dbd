// A grade as JSON, `unroll grade --format json`.

import Derivation
import Diagnosis
public import Diagnostics
import FoundationEssentials
public import Grading
import Sandbox
import SubmissionHost

/// Writes a grade as JSON.
public struct JSONReport: Sendable {
  /// The language of the messages.
  public let language: Language

  /// A report in a language.
  public init(_ language: Language) {
    self.language = language
  }

  fileprivate struct Stored: Encodable {
    var exercise: String
    var submission: String
    var seed: UInt64
    var score: Double
    var maxScore: Double
    var manualPoints: Double?
    var checks: [Item]
    /// How the derivation was read where its cell or its letters are not the sheet's.
    var reading: [Reading]?
    var derivation: [Chain]?
    var goals: [Goal]?
    var derivationAndCode: [Correspondence]?
    var leftOut: [String]?
    /// Of all that was built and run; nil where nothing was.
    var processorSeconds: Double?
    var notProtectedFrom: [String]?

    struct Item: Encodable {
      var task: String
      var id: String
      var title: String
      var status: String
      var verdict: String
      var points: Double
      var maxPoints: Double
      var message: String
      var diagnosis: Cause?
      /// The share of the points that it earned by being right for the learner's own forward.
      var followThrough: Double?
      var location: Place?
      /// What a person is to grade, as it was handed in.
      var essay: String?
    }

    struct Chain: Encodable {
      var line: Int
      var column: Int
      var links: [Link]
    }

    struct Link: Encodable {
      var read: String
      var verdict: String
      var reason: String?
      var text: String
      var relativeError: Double?
      /// `exact` where it was decided in residues, for the sizes and T that were drawn; `tested` where it was tested with doubles.
      var certainty: String?
      var counterexample: Counterexample?
    }

    struct Counterexample: Encodable {
      /// The size of every axis.
      var H: Int?
      var T: Int?
      /// The number of samples where there are several.
      var N: Int?
      /// Which entry of a vector or matrix, from 1.
      var entry: [Int]?
      /// Numbers and fractions such as `-1/2`, by the LaTeX of what has them.
      var values: [String: String]
      var left: String
      var right: String
    }

    struct Reading: Encodable {
      var line: Int
      var text: String
    }

    struct Goal: Encodable {
      var goal: String
      var earned: Bool
      /// What it earns of what it is worth, from 0 to 1.
      var share: Double
      var missing: String?
      /// The wrong lines that it rests on.
      var restsOn: [Int]

      enum CodingKeys: CodingKey {
        case goal, earned, share, missing, restsOn
      }

      /// `missing` is there also where it is null, as the format has it.
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(goal, forKey: .goal)
        try container.encode(earned, forKey: .earned)
        try container.encode(share, forKey: .share)
        try container.encode(missing, forKey: .missing)
        try container.encode(restsOn, forKey: .restsOn)
      }
    }

    struct Correspondence: Encodable {
      var task: String
      var check: String
      var verdict: String
      /// The line that states the gradient.
      var line: Int?
      /// The lines on which the derivation goes wrong, and the derivatives that they are about.
      var wrongLines: [Int]?
      var wrongDerivatives: [String]?
      var steps: [Int]?
      /// Derivatives that no line states.
      var assumed: [String]?
      var text: String
    }

    struct Cause: Encodable {
      var fault: String
      var path: [String]
      var text: String
      var next: String
      /// The first of the blocks' steps to go wrong, in the order in which they are worked out, from 1.
      var step: Int?
      var ties: [String]?
      /// The formula that was found where no known mistake explains the numbers.
      var recovered: Formula?
      /// Where it differs, by what was found without a catalogue.
      var differs: Difference?
    }

    struct Formula: Encodable {
      var of: String
      var computed: String?
      var right: String?
      var also: [String]?
    }

    struct Difference: Encodable {
      var gate: String?
      var rightGates: [String]?
      /// The upstreams whose part is wrong, and those whose part is right.
      var upstreams: [String]?
      var rightUpstreams: [String]?
      /// Whether something is there with no upstream at all.
      var withoutUpstream: Bool?
      /// Of a sequence: the gates that go wrong at the first wrong step of the way back.
      var gates: [String]?
      /// That step: whether it is the first of the sequence, or how many steps before the last it is.
      var isFirstStep: Bool?
      var stepsBeforeLast: Int?
    }

    struct Place: Encodable {
      var file: String
      var line: Int
      var column: Int
    }
  }

  /// The JSON of one grade, keys in alphabetical order, ending in a line feed.
  ///
  /// - Parameter isTimed: whether it says how much processor time the submission took.
  public func text(of grade: Grade, isTimed: Bool = true) throws -> String {
    let phrases = Phrases(language)
    let stored = Stored(
      exercise: grade.exercise, submission: grade.submission, seed: grade.seed, score: grade.score,
      maxScore: grade.maxScore, manualPoints: grade.manualPoints > 0 ? grade.manualPoints : nil,
      checks: grade.checks.map { check in
        Stored.Item(
          task: check.task, id: check.id, title: phrases.title(check), status: check.status.rawValue,
          verdict: check.verdict,
          points: check.points, maxPoints: check.maxPoints, message: phrases.sentence(check),
          diagnosis: check.diagnosis.map { diagnosis in
            Stored.Cause(
              fault: diagnosis.fault, path: diagnosis.path, text: phrases.sentence(diagnosis),
              next: phrases.nextLook(diagnosis),
              step: Onset(grade.checks.filter { $0.task == check.task && $0.diagnosis == diagnosis })?.step,
              ties: diagnosis.ties.isEmpty ? nil : diagnosis.ties,
              recovered: diagnosis.recovered.map {
                Stored.Formula(of: $0.of, computed: $0.computed, right: $0.right, also: $0.also.isEmpty ? nil : $0.also)
              },
              differs: Stored.Difference(diagnosis))
          },
          followThrough: check.followThrough,
          location: check.place.map { Stored.Place(file: $0.file, line: $0.line, column: $0.column ?? 1) },
          essay: check.essay)
      },
      reading: grade.written.flatMap { written in
        written.reading.isEmpty
          ? nil : written.reading.map { Stored.Reading(line: $0.line, text: phrases.told($0.text)) }
      },
      derivation: grade.written.map { $0.chains.map { chain($0, phrases) } },
      goals: grade.written.map { written in
        written.goals.map {
          Stored.Goal(
            goal: $0.latex, earned: $0.earned, share: $0.share, missing: $0.missing.map { phrases.told($0) },
            restsOn: $0.restsOn)
        }
      },
      derivationAndCode: grade.correspondences.isEmpty
        ? nil : grade.correspondences.map { correspondence($0, phrases) },
      leftOut: grade.leftOut.isEmpty ? nil : grade.leftOut.map(\.name),
      processorSeconds: isTimed && grade.processorSeconds > 0
        ? (grade.processorSeconds * 1000).rounded() / 1000 : nil,
      notProtectedFrom: grade.caveats.isEmpty ? nil : grade.caveats.map(\.rawValue))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(stored), as: UTF8.self) + "\n"
  }

  private func correspondence(_ link: Correspondence, _ phrases: Phrases) -> Stored.Correspondence {
    func some<Element>(_ list: [Element]) -> [Element]? { list.isEmpty ? nil : list }
    return Stored.Correspondence(
      task: link.task, check: link.check, verdict: link.verdict.rawValue, line: link.line,
      wrongLines: some(link.roots.map(\.line)), wrongDerivatives: some(link.roots.map(\.latex)),
      steps: some(link.steps), assumed: some(link.assumed), text: phrases.sentence(link))
  }

  private func chain(_ chain: DerivationReport.Chain, _ phrases: Phrases) -> Stored.Chain {
    let links = chain.links.map { link in
      Stored.Link(
        read: link.read, verdict: link.verdict.rawValue, reason: link.reason?.rawValue, text: phrases.told(link.text),
        relativeError: link.relativeError.flatMap { $0.isFinite ? $0 : nil }, certainty: link.certainty?.rawValue,
        counterexample: link.counterexample.map { example in
          Stored.Counterexample(
            H: example.hidden, T: example.steps, N: example.samples,
            entry: example.entry.isEmpty ? nil : example.entry,
            values: Dictionary(example.values.map { ($0.name, $0.value) }, uniquingKeysWith: { one, _ in one }),
            left: example.left, right: example.right)
        })
    }
    return Stored.Chain(line: chain.position.line, column: chain.position.column, links: links)
  }
}

extension JSONReport.Stored.Difference {
  /// What differs, by what was found without a catalogue; nil where nothing was.
  fileprivate init?(_ diagnosis: Diagnosis) {
    switch diagnosis.cause {
    case .recovered(let recovered): self.init(recovered)
    case .located(let located): self.init(located)
    default: return nil
    }
  }

  private init(_ located: Located) {
    self.init(rightGates: located.right, gates: located.wrong)
    switch located.step {
    case .first: isFirstStep = true
    case .beforeLast(let count): stepsBeforeLast = count
    }
  }

  /// Where a formula differs; nil where nothing is known but the formula.
  private init?(_ recovered: Recovered) {
    guard !recovered.parts.isEmpty else { return nil }
    let named = recovered.parts.filter { $0.source != nil }
    let (right, wrong) = (named.filter { $0.outcome == .right }, named.filter { $0.outcome != .right })
    self.init(
      gate: recovered.gate, rightGates: recovered.rightGates.isEmpty ? nil : recovered.rightGates,
      upstreams: wrong.compactMap(\.source), rightUpstreams: right.compactMap(\.source),
      withoutUpstream: recovered.parts.contains { $0.source == nil })
  }
}
