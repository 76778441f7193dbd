// A text with its formulas as chains, before any of their names are known; what is read by two cells is cut up once.

import Diagnostics
import Formula
import Markdown
import Recurrence

/// A formula of a text with what stands before it.
struct WrittenFormula {
  let span: MathSpan
  /// The words before it, the last of them where there are many.
  let words: String
  /// What stands between it and the formula before.
  let between: String
  /// Whether the words introduce a name.
  let isIntroduced: Bool
  let isStruck: Bool
  let drafts: [StatementDraft]
}

/// A learner's text, cut into chains.
struct WrittenText {
  let source: SourceText
  /// The layout that the text says it writes in.
  let layout: JacobianLayout?
  /// In the order of the text, as far as chains are read.
  let formulas: [WrittenFormula]
  /// What is wrong with its front matter.
  let frontMatterFindings: [Diagnostic]
  /// What was passed over, or why nothing could be read.
  let findings: [Diagnostic]
  /// Whether it could be cut up at all.
  let isReadable: Bool

  init(_ source: SourceText) {
    self.source = source
    let front = Paper.frontMatter(source)
    layout = front.layout
    frontMatterFindings = front.findings
    let markdown: Markdown
    do { markdown = try Markdown(source, from: front.start, readsLatex: true) } catch {
      formulas = []
      findings = error.diagnostics
      isReadable = false
      return
    }
    let surroundings = Surroundings(markdown, from: front.start)
    findings = (markdown.findings + surroundings.findings).sorted { $0.range.lowerBound < $1.range.lowerBound }
    isReadable = true
    var end = front.start
    var formulas: [WrittenFormula] = []
    var count = 0
    for span in markdown.math where count <= Paper.lineLimit {
      // A formula may begin inside the one before, as `$$` in an environment does; no words stand between them then.
      let begin = span.range.lowerBound
      let words = source.substring(min(begin, max(end, begin - 200))..<begin)
      let isIntroduced = Surroundings.introduces(words)
      let formula = WrittenFormula(
        span: span, words: words, between: source.substring(min(begin, end)..<begin), isIntroduced: isIntroduced,
        isStruck: surroundings.isStruck(span.range),
        drafts: StatementDraft.drafts(of: span.excerpt, isDefinition: isIntroduced))
      formulas.append(formula)
      count += formula.drafts.count
      end = max(end, span.range.upperBound)
    }
    self.formulas = formulas
  }

  /// More chains than this are not looked at to find out what the letters of a text stand for.
  private static let surveyLimit = 400

  /// The chains by which a survey finds out what the letters stand for, without those that are struck out.
  ///
  /// The lines behind the last of them are read as well, by what it found.
  var surveyed: [StatementDraft] {
    var result: [StatementDraft] = []
    for formula in formulas where !formula.isStruck {
      result += formula.drafts.filter { $0.signCount < Paper.memberLimit }
      if result.count >= Self.surveyLimit { break }
    }
    return result
  }
}
