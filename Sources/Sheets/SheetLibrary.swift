// All sheets of a course: the good ones, and what is wrong with the others.

public import Diagnostics
import Dispatch
import Markdown
import Synchronization

/// The sheets of a content root.
///
/// Every folder under `exercises` that holds a `sheet.md` is a sheet. One that cannot be read never hides the others.
public struct SheetLibrary: Sendable {
  /// A sheet that cannot be used, and why.
  public struct Broken: Sendable {
    /// The name of its folder.
    public let id: String
    /// What is wrong with it.
    public let diagnostics: DiagnosticList
  }

  /// No sheet goes by a name.
  public struct UnknownSheet: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String
    /// The ids that come close, the nearest first.
    public let near: [String]
    /// All ids.
    public let known: [String]

    /// The name, the near matches, and all ids.
    public var message: Message {
      let reason: Message = name.contains("/") ? "there is no sheet at `\(name)`" : "there is no sheet `\(name)`"
      let words = near.prefix(3).map { "`\($0)`" as Message }
      let choice: Message? = words.first.map { words.dropFirst().reduce($0) { "\($0) or \($1)" } }
      let nearest: Message = choice.map { "; did you mean \($0)?" } ?? ""
      let list: Message = known.isEmpty ? "there are none" : "\(known.joined(separator: ", "))"
      let all: Message = "known sheets: \(list)"
      return "\(reason)\(nearest)\n\(all)"
    }

    /// The same in English.
    public var description: String { message.english }
  }

  /// Where the sheets come from.
  public let root: ContentRoot
  /// The good sheets as a path: each after those that it needs.
  public let sheets: [Sheet]
  /// The others, by id.
  public let broken: [Broken]

  /// Reads every sheet of a root.
  public init(_ root: ContentRoot) {
    self.root = root
    var good: [Sheet] = []
    var broken: [Broken] = []
    for (folder, result) in Self.readAll(root) {
      switch result {
      case .success(let sheet): good.append(sheet)
      case .failure(let diagnostics): broken.append(Broken(id: folder, diagnostics: diagnostics))
      }
    }
    // What a sheet needs must exist; a broken sheet does, and drags nothing down with it.
    let known = Set(good.map(\.id)).union(broken.map(\.id))
    var kept: [Sheet] = []
    for sheet in good {
      let findings = sheet.unknownNeeds(among: known)
      if findings.isEmpty {
        kept.append(sheet)
      } else {
        broken.append(Broken(id: sheet.id, diagnostics: DiagnosticList(findings)))
      }
    }
    let (ordered, circular) = Self.ordered(kept)
    for sheet in circular {
      let range = sheet.needRanges.first ?? 0..<3
      let message: Message =
        "this sheet needs itself by way of others (\(sheet.needs.joined(separator: ", "))); break the circle"
      let finding = Diagnostic(message, in: sheet.text.markdown.source, at: range)
      broken.append(Broken(id: sheet.id, diagnostics: DiagnosticList([finding])))
    }
    sheets = ordered
    self.broken = broken.sorted { $0.id < $1.id }
  }

  /// Reads every sheet of a root, on all processors: a list of sheets is to be there at once.
  private static func readAll(_ root: ContentRoot) -> [(folder: String, result: Result<Sheet, DiagnosticList>)] {
    let folders = (SourceFile.names(in: root.exercises) ?? []).filter {
      SourceFile.kind("\(root.exercises)/\($0)/sheet.md") == .file
    }
    let results = Mutex<[Int: Result<Sheet, DiagnosticList>]>([:])
    DispatchQueue.concurrentPerform(iterations: folders.count) { index in
      let folder = folders[index]
      let result = Result { () throws(DiagnosticList) in
        try Sheet(path: "\(root.exercises)/\(folder)/sheet.md", folder: folder)
      }
      results.withLock { $0[index] = result }
    }
    return results.withLock { results in
      folders.enumerated().compactMap { index, folder in results[index].map { (folder, $0) } }
    }
  }

  /// The ids of all sheets, good or not.
  public var ids: [String] { (sheets.map(\.id) + broken.map(\.id)).sorted() }

  /// The sheet that a person means by an id, or by the path of a sheet or of its folder.
  ///
  /// - Throws: `DiagnosticList` where the sheet is broken, `UnknownSheet` where there is none.
  public func sheet(_ name: String) throws -> Sheet {
    if let sheet = sheets.first(where: { $0.id == name }) { return sheet }
    if let sheet = broken.first(where: { $0.id == name }) { throw sheet.diagnostics }
    return try Self.sheet(at: name, known: ids)
  }

  /// Finds one sheet without reading the others, unless it is unknown.
  ///
  /// - Throws: `DiagnosticList` where the sheet is broken, `UnknownSheet` where there is none.
  public static func sheet(_ name: String, in root: ContentRoot) throws -> Sheet {
    let path = "\(root.exercises)/\(name)/sheet.md"
    if FieldReader.isIdentifier(name), SourceFile.kind(path) == .file { return try Sheet(path: path, folder: name) }
    let known = (SourceFile.names(in: root.exercises) ?? []).filter {
      SourceFile.kind("\(root.exercises)/\($0)/sheet.md") == .file
    }
    return try sheet(at: name, known: known)
  }

  /// The sheet at a path, which may be that of its folder.
  private static func sheet(at path: String, known: [String]) throws -> Sheet {
    switch SourceFile.kind(path) {
    case .directory:
      let file = path.hasSuffix("/") ? path + "sheet.md" : path + "/sheet.md"
      if SourceFile.kind(file) == .file { return try Sheet(path: file) }
    case .file: return try Sheet(path: path)
    case .nothing: break
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    throw UnknownSheet(name: path, near: nearMatches(to: name, among: known), known: known)
  }

  /// Sheets as a path, and those that need themselves by way of others.
  ///
  /// Each stands after those it needs: by the length of the longest chain of sheets before it; of those with equal
  /// chains the shorter ones first, then those on which more rests, then by id.
  private static func ordered(_ sheets: [Sheet]) -> (ordered: [Sheet], circular: [Sheet]) {
    let needs = Dictionary(uniqueKeysWithValues: sheets.map { ($0.id, $0.needs) })
    var depths: [String: Int] = [:]
    var waiting = Array(needs.keys)
    while !waiting.isEmpty {
      let ready = waiting.filter { id in needs[id]!.allSatisfy { needs[$0] == nil || depths[$0] != nil } }
      guard !ready.isEmpty else { break }
      for id in ready { depths[id] = (needs[id]!.compactMap { depths[$0] }.max() ?? -1) + 1 }
      waiting.removeAll { depths[$0] != nil }
    }
    // Whatever hangs on a circle without being in it stays usable, at the end.
    let before = needs.keys.map { ($0, needed(by: $0, needs)) }
    let circular = Set(before.filter { id, all in all.contains(id) }.map(\.0))
    var followers: [String: Int] = [:]
    for (id, all) in before where !circular.contains(id) { for other in all { followers[other, default: 0] += 1 } }
    func key(_ sheet: Sheet) -> (Int, Int, Int, String) {
      (depths[sheet.id] ?? .max, sheet.minutes ?? .max, -(followers[sheet.id] ?? 0), sheet.id)
    }
    return (
      sheets.filter { !circular.contains($0.id) }.map { (key($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1),
      sheets.filter { circular.contains($0.id) }
    )
  }

  /// The ids of all sheets that one needs, by way of others too; its own where it stands in a circle.
  private static func needed(by id: String, _ needs: [String: [String]]) -> Set<String> {
    var seen: Set<String> = []
    var queue = needs[id] ?? []
    while let next = queue.popLast() {
      guard needs[next] != nil, seen.insert(next).inserted else { continue }
      queue += needs[next] ?? []
    }
    return seen
  }
}

extension Sheet {
  /// What it needs and nobody has written, each at its place in the sheet.
  ///
  /// - Parameter known: the ids of the sheets that there are.
  public func unknownNeeds(among known: Set<String>) -> [Diagnostic] {
    zip(needs, needRanges).compactMap { need, range in
      known.contains(need)
        ? nil
        : Diagnostic(
          "there is no sheet `\(need)`\(suggestion(for: need, among: known))", in: text.markdown.source, at: range)
    }
  }
}
