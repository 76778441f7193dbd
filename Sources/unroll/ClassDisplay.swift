// What a class run shows while it works: lines in the order of the names, and on a terminal how far it is.

import Classroom
import Diagnostics
import Glibc
import Grading
import Reports
import Sheets
import Synchronization

/// Lines on standard output, progress on standard error.
///
/// A submission that is done before those ahead of it waits for its turn, so that two runs print the same.
final class ClassDisplay: Sendable {
  private struct State {
    var summary: ClassSummary
    var waiting: [Int: String] = [:]
    var next = 0
    var done = 0
    var graded = 0
    var shownAt: ContinuousClock.Instant?
  }

  private let entries: [ClassFolder.Entry]
  private let language: Language
  private let start = ContinuousClock.now
  private let isTerminal = isatty(2) != 0
  private let state: Mutex<State>

  init(entries: [ClassFolder.Entry], language: Language) {
    self.entries = entries
    self.language = language
    state = Mutex(State(summary: ClassSummary(language)))
  }

  /// What was counted so far.
  var summary: ClassSummary { state.withLock { $0.summary } }
  /// How many are done.
  var done: Int { state.withLock { $0.done } }

  /// Tells of one submission.
  func tell(_ progress: ClassRun.Progress) {
    state.withLock { state in
      state.summary.add(progress.row)
      state.done += 1
      if progress.isNew { state.graded += 1 }
      if let result = progress.result {
        clear(&state)
        Workflow.annotate(result, in: language, at: entries[progress.index].path)
      }
      state.waiting[progress.index] = Workflow.harmless(state.summary.line(progress.row))
      while let line = state.waiting.removeValue(forKey: state.next) {
        clear(&state)
        Terminal.write(Array((line + "\n").utf8))
        state.next += 1
      }
      show(&state)
    }
  }

  /// Takes the progress away.
  func end() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    guard state.shownAt != nil else { return }
    state.shownAt = nil
    Terminal.write(Array("\r\u{1B}[K".utf8), to: 2)
  }

  private func show(_ state: inout State) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard isTerminal, seconds > 1, state.graded > 0 else { return }
    let rate = Double(state.graded) / seconds
    let left = Double(entries.count - state.done) / rate
    let text =
      "\(state.done) of \(entries.count), \((rate * 10).rounded() / 10) a second, "
      + (left < 90 ? "\(Int(left.rounded(.up))) s left" : "\(Int((left / 60).rounded(.up))) min left")
    state.shownAt = ContinuousClock.now
    Terminal.write(Array("\r\u{1B}[K\(text)".utf8), to: 2)
  }
}
