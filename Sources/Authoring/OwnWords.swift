// Whether the words that a sheet has of its own for mistakes will ever be read, and in both languages.

public import Diagnosis
public import Diagnostics
import Faults
import Markdown
import Recurrence
public import Sheets

/// Looks at a sheet's own words for mistakes.
public enum OwnWords {
  /// The draws are the same for every look at a sheet.
  private static let seed: UInt64 = 1

  /// The ids that no mistake of the sheet's cell has, each with the nearest ones.
  public static func unknown(in sheet: Sheet, among mistakes: [Diagnosis]) -> [Diagnostic] {
    let known = Set(mistakes.map(\.fault))
    return [sheet.text, sheet.translation].compactMap(\.self).flatMap { text in
      text.faultWords.filter { !known.contains($0.id) }.map { words in
        let near = nearest(3, to: words.id, among: known).map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
          "there is no mistake `\(words.id)` with this cell; the nearest are \(near); `unroll faults \(sheet.id)` lists them all",
          in: text.markdown.source, at: words.range)
      }
    }
  }

  /// What stands in the way of the words, each as one line.
  package static func troubles(of sheet: Sheet) -> [String] {
    guard let cell = sheet.cell, !(sheet.text.faultWords + (sheet.translation?.faultWords ?? [])).isEmpty else {
      return []
    }
    let mistakes = Diagnosis.catalogue(of: cell, hasSequence: sheet.hasSequence)
    var troubles = unknown(in: sheet, among: mistakes).map(\.headline)
    if let translation = sheet.translation {
      troubles += missing(sheet.text, in: translation) + missing(translation, in: sheet.text)
    }
    let diagnostician = Diagnostician(cell: cell)
    for words in sheet.text.faultWords {
      let count = mistakes.count { $0.fault == words.id }
      guard count > 0 else { continue }
      var trouble: Message?
      if count > 1 {
        trouble = "`\(words.id)` is the id of \(count) mistakes, and these words would be said of each"
      } else {
        let names = diagnostician.names(ofMistake: words.id, hasSequence: sheet.hasSequence, seed: seed)
        if !names.contains(words.id) {
          let other = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
          trouble =
            "`\(words.id)` is never told: it gives the same numbers as \(other.isEmpty ? "what is right" : other)"
        }
      }
      if let trouble {
        troubles.append(Diagnostic(trouble, in: sheet.text.markdown.source, at: words.range).headline)
      }
    }
    return troubles
  }

  /// The ids that have words in one language and none in the other.
  private static func missing(_ text: SheetText, in other: SheetText) -> [String] {
    let there = Set(other.faultWords.map(\.id))
    return text.faultWords.filter { !there.contains($0.id) }.map { words in
      let message: Message = "`\(words.id)` has words here and none in \(other.markdown.source.name)"
      return Diagnostic(message, in: text.markdown.source, at: words.range).headline
    }
  }
}

extension Diagnostician {
  /// By what ids a mistake is told that is made by itself.
  fileprivate func names(ofMistake id: String, hasSequence: Bool, seed: UInt64) -> Set<String> {
    func draws(hasTime: Bool) -> [Evidence] {
      Self.chosen(Draw.several(cell, seed: seed, hasTime: hasTime).map { Evidence(draw: $0, received: [:]) })
    }
    func told(
      _ hypotheses: [Hypothesis], _ draws: [Evidence], _ diagnose: ([Evidence]) -> [BlockAddress: Diagnosis]
    ) -> Set<String>? {
      guard let mistake = hypotheses.first(where: { $0.id == id }) else { return nil }
      let made = draws.indices.map { index in
        let right = draws[index].draw.right
        return Evidence(draw: draws[index].draw, received: mistake.make(index).merging(right) { own, _ in own })
      }
      return Set(diagnose(made).values.map(\.fault))
    }
    let steps = draws(hasTime: false)
    let inStep =
      told(forwardHypotheses(cell, steps), steps) { diagnoseForward($0).diagnoses }
      ?? told(worlds(steps, [])[0].hypotheses(cell.faults, world: 0), steps) { diagnose($0).diagnoses }
    if let inStep { return inStep }
    guard hasSequence else { return [] }
    let sequences = draws(hasTime: true)
    return told(loopForwardHypotheses(sequences), sequences) { diagnoseSequence($0, step: Result()).diagnoses }
      ?? told(loopBackHypotheses(worlds(sequences, [])[0], 0), sequences) {
        diagnoseSequence($0, step: Result()).diagnoses
      } ?? []
  }
}
