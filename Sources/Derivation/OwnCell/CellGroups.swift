// A text that states two cells: which of its forward equations belong together.

import Formula

/// The groups of forward lines that may each be a cell.
struct CellGroups {
  /// No more cells than this are looked for.
  private static let limit = 4

  private(set) var all: [[ForwardLine]] = []
  /// Every name that a forward line of the text defines.
  private let defined: Set<Name>

  /// - Parameters:
  ///   - lines: the forward lines, each name defined once.
  ///   - repeated: lines that define a name again.
  init(_ lines: [ForwardLine], repeated: [ForwardLine]) {
    defined = Set((lines + repeated).flatMap(\.names))
    guard lines.count + repeated.count <= 60 else { return }
    if !repeated.isEmpty {
      // Where a name is defined again another cell begins: the last word on every name, and what the first one is made of.
      let last = repeated.reversed().reduce(into: [ForwardLine]()) { kept, line in
        if kept.allSatisfy({ Set($0.names).isDisjoint(with: line.names) }) { kept.append(line) }
      }
      let replaced = lines.filter { line in last.contains { !Set($0.names).isDisjoint(with: line.names) } }
      let others = lines.filter { line in !replaced.contains { $0.start == line.start } }
      add((others + last).sorted { $0.start < $1.start })
      add(Self.closure(of: replaced, in: lines))
    }
    // What the equations before take as an input is a state of its own further down: `x_t`, and later `x_t = W x_{t-1} + …`.
    if let index = lines.indices.first(where: { Self.takesUp(lines[$0], from: lines[..<$0]) }) {
      add(Array(lines[..<index]), inputs: Set(lines[index].names))
      add(Array(lines[index...]))
    }
    // Equations that share no quantity are about different cells.
    var rest = lines
    var parts: [[ForwardLine]] = []
    while let first = rest.first {
      var part = [first]
      rest.removeFirst()
      var grows = true
      while grows {
        grows = false
        for (index, line) in rest.enumerated() where part.contains(where: { Self.touch($0, line) }) {
          part.append(rest.remove(at: index))
          grows = true
          break
        }
      }
      parts.append(part.sorted { $0.start < $1.start })
    }
    if parts.count > 1 { for part in parts { add(part) } }
    // No line at all: the sheet's cell under the names that most books have.
    all = Array(all.prefix(Self.limit)) + [[]]
  }

  /// Some lines with all that they are made of.
  private static func closure(of some: [ForwardLine], in lines: [ForwardLine]) -> [ForwardLine] {
    var group = some
    var grows = true
    while grows {
      let read = Set(group.flatMap(\.reads).filter { $0.step != nil }.map(\.name))
      let more = lines.filter { line in
        !group.contains { $0.start == line.start && $0.names == line.names } && !read.isDisjoint(with: line.names)
      }
      group += more
      grows = !more.isEmpty
    }
    return group.sorted { $0.start < $1.start }
  }

  /// Adds a group that reads nothing that the text defines outside of it: else the text's own equation would be passed over.
  ///
  /// - Parameter inputs: what it takes as an input and another group makes.
  private mutating func add(_ group: [ForwardLine], inputs: Set<Name> = []) {
    let own = Set(group.flatMap(\.names)).union(inputs)
    let reads = group.flatMap(\.reads).filter { $0.step != nil }.map(\.name)
    if reads.allSatisfy({ own.contains($0) || !defined.contains($0) }) { all.append(group) }
  }

  /// Whether a line makes a state of what earlier lines read.
  private static func takesUp(_ line: ForwardLine, from earlier: ArraySlice<ForwardLine>) -> Bool {
    line.names.contains { name in
      line.reads.contains { $0.name == name && $0.step == -1 }
        && earlier.contains { $0.reads.contains { $0.name == name && $0.step != nil } }
    }
  }

  /// Whether a name that one of them defines stands in the other.
  private static func touch(_ a: ForwardLine, _ b: ForwardLine) -> Bool {
    func reads(_ one: ForwardLine, _ other: ForwardLine) -> Bool {
      one.reads.contains { $0.step != nil && other.names.contains($0.name) }
    }
    return reads(a, b) || reads(b, a)
  }
}
