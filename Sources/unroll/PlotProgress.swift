// Progress of a long plot, and what an interruption does to it.

import Dispatch
import Glibc
import Synchronization

/// One line on standard error, where that is a terminal, once the work has taken a second.
final class PlotProgress: Sendable {
  private struct State {
    var done = 0
    var label = ""
    var shownAt: ContinuousClock.Instant?
  }

  private let networks: Int
  private let start = ContinuousClock.now
  private let isShown = isatty(2) != 0
  private let state = Mutex(State())

  init(networks: Int) { self.networks = networks }

  /// Names what is being worked at.
  func begin(_ label: String) { state.withLock { $0.label = label } }

  /// Counts a network.
  @Sendable func advance() {
    guard isShown else { return }
    state.withLock { state in
      state.done += 1
      let now = ContinuousClock.now
      guard now - start > .seconds(1), state.shownAt.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
      state.shownAt = now
      Terminal.write(Array("\r\u{1B}[K\(state.done) of \(networks) networks: \(state.label)".utf8), to: 2)
    }
  }

  /// Takes the line away.
  func end() {
    state.withLock { if $0.shownAt != nil { Terminal.write(Array("\r\u{1B}[K".utf8), to: 2) } }
  }
}

/// Lets Ctrl-C end the work in an orderly way.
final class Interruption {
  private let source: any DispatchSourceSignal

  init(_ body: @escaping @Sendable () -> Void) {
    // A handler that does nothing, not SIG_IGN, which programs started from here would inherit.
    signal(SIGINT) { _ in }
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler(handler: DispatchWorkItem(block: body))
    source.activate()
  }

  /// From here on Ctrl-C ends the program at once again.
  func end() {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }
}
