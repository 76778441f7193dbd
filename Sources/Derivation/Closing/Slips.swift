// Which lines are wrong about which derivatives, or were not understood, so that a goal can name the line.

import Recurrence

/// The lines that do not hold or were not understood, and what follows from them, by the derivatives that they are about.
struct Slips {
  /// The lines that are wrong about derivatives.
  private(set) var wrong: [SourceLine] = []
  /// What right steps to derivatives follow from: the wrong lines.
  private(set) var following: [(subject: Subject, lines: [Int])] = []
  /// The lines about derivatives that were not understood.
  private(set) var unread: [SourceLine] = []
  /// Lines of which nothing could be read: how each begins, and where it stands.
  private var unreadable: [(text: String, line: Int)] = []

  mutating func add(wrong chain: ElaboratedChain, _ link: Int, _ world: World) {
    guard let subject = subject(of: chain, world) else { return }
    wrong.append(SourceLine(chain, link, subject))
  }

  mutating func add(following chain: ElaboratedChain, _ link: Int, from lines: [Int], _ world: World) {
    guard let subject = subject(of: chain, world) else { return }
    following.append((subject, lines))
  }

  mutating func add(unread chain: ElaboratedChain, _ link: Int, _ world: World) {
    guard let subject = subject(of: chain, world) else { return }
    unread.append(SourceLine(chain, link, subject))
  }

  mutating func add(unreadable text: String, line: Int) { unreadable.append((Self.bare(text), line)) }

  /// Forgets what was wrong about the derivative of a line that takes the place of earlier ones.
  mutating func forget(_ chain: ElaboratedChain, _ world: World) {
    guard let subject = subject(of: chain, world) else { return }
    wrong.removeAll { $0.subject == subject }
    following.removeAll { $0.subject == subject }
    unread.removeAll { $0.subject == subject }
  }

  /// The first line that begins as a derivative is written, and of which nothing could be read.
  func unreadable(_ latex: String) -> Int? {
    let start = Self.bare(latex)
    return unreadable.first { $0.text.hasPrefix(start) }?.line
  }

  private static func bare(_ latex: String) -> String { latex.filter { !$0.isWhitespace && !"{}&$".contains($0) } }

  /// What a chain is about: its first member.
  func subject(of chain: ElaboratedChain, _ world: World) -> Subject? {
    guard let term = chain.terms[0] else { return nil }
    let instances = chain.assignments(steps: world.steps).compactMap { world.instance(of: term, $0) }
    return instances.isEmpty ? nil : Subject(instances)
  }
}
