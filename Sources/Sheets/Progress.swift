// What a learner has reached so far, kept as plain text in the folders that `unroll start` made.

import FoundationEssentials

/// The best grades of a learner's folders.
///
/// They stand in `.unroll/best` of each folder, a line an exercise: its id, the points reached, the points there are. Only
/// a folder that has it is ever written to, so that grading somebody else's work leaves no trace in it.
public struct Progress: Sendable {
  /// What was reached in an exercise.
  public struct Best: Sendable, Hashable {
    /// The points reached.
    public var points: Double
    /// The points that a program can give; those that a person gives are not among them.
    public var total: Double
    /// The folder in which it was reached.
    public var folder: String

    /// Whether nothing is left that a program checks.
    public var isFull: Bool { points >= total }
  }

  /// The folder that holds the file; it is no part of a submission.
  public static let folder = ".unroll"
  private static let file = folder + "/best"
  /// What the file begins with where nothing has been reached yet.
  public static let heading = "# Kept by unroll: exercise, best points, points in all.\n"
  /// A file that is longer was not written by unroll.
  private static let limit = 100_000

  /// The best grade of each exercise that was begun, by id.
  public private(set) var best: [String: Best] = [:]

  /// Reads the folder itself and those in it.
  public init(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in ["."] + names.sorted() {
      let path = name == "." ? folder : folder == "." ? name : folder + "/" + name
      for (id, one) in Self.read(path) where (best[id]?.points ?? -1) < one.points { best[id] = one }
    }
  }

  private static func read(_ folder: String) -> [String: Best] {
    guard let data = FileManager.default.contents(atPath: folder + "/" + file), data.count <= limit else { return [:] }
    var best: [String: Best] = [:]
    for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      let fields = line.split(separator: " ")
      guard fields.count == 3, let points = Double(fields[1]), let total = Double(fields[2]) else { continue }
      best[String(fields[0])] = Best(points: points, total: total, folder: folder)
    }
    return best
  }

  /// Notes what was reached in a folder that `unroll start` made, where it is better than before.
  ///
  /// - Throws: an error of the file system.
  /// - Returns: whether the folder keeps such notes at all.
  @discardableResult
  public static func record(_ points: Double, of total: Double, in exercise: String, at folder: String) throws -> Bool {
    guard FileManager.default.fileExists(atPath: folder + "/" + file) else { return false }
    var best = read(folder)
    if let old = best[exercise], old.total == total, old.points >= points { return true }
    best[exercise] = Best(points: points, total: total, folder: folder)
    let lines = best.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.points) \($0.value.total)\n" }
    try Data((heading + lines.joined()).utf8).write(to: URL(filePath: folder + "/" + file), options: .atomic)
    return true
  }

  /// The sheet to go on with: one that was begun and is not full, else the first that is not full and whose
  /// predecessors are, else the first that is not full; nil where all are.
  public func next(in library: SheetLibrary) -> Sheet? {
    let open = library.sheets.filter { !(best[$0.id]?.isFull ?? false) }
    return open.first { best[$0.id] != nil }
      ?? open.first { sheet in sheet.needs.allSatisfy { best[$0]?.isFull ?? false } } ?? open.first
  }
}
