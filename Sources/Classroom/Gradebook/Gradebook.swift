// The gradebook: an SQLite file with a row for every grade, each written by itself, so that nothing is lost by stopping.

import GRDB
import Glibc

/// Why a gradebook cannot be used.
public struct GradebookError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with which file, and what to do.
  public let description: String
}

/// Grades in an SQLite file.
///
/// A submission has a row for everything that was ever graded of it; the one recorded last counts. Every row is
/// committed by itself in SQLite's default journal: a grader that is killed loses the grades in flight and no others,
/// and the file by itself is the whole gradebook.
public final class Gradebook: Sendable {
  /// "unrl", by which a gradebook is told from any other SQLite file.
  package static let applicationID: Int32 = 0x756E_726C

  /// Where it is kept; nil for one that is gone with this value.
  public let path: String?
  let queue: DatabaseQueue

  /// Opens a gradebook, or makes an empty one where there is no file.
  ///
  /// - Parameters:
  ///   - path: the file; nil for one in the temporary folder that nobody else sees.
  ///   - isNewAllowed: whether a file that is not there is made.
  /// - Throws: a `GradebookError` where the file is something else, belongs to a later version or cannot be opened.
  public init(at path: String?, isNewAllowed: Bool = true) throws(GradebookError) {
    self.path = path
    if let path, !isNewAllowed, access(path, F_OK) != 0 {
      throw GradebookError(description: "there is no gradebook at `\(path)`")
    }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(60)
      queue = try DatabaseQueue(path: path ?? "", configuration: configuration)
      try queue.write { database in
        let id = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard id == Self.applicationID || (id == 0 && isEmpty) else {
          throw GradebookError(description: "`\(path ?? "")` is an SQLite file but no gradebook; choose another name")
        }
        if id == 0 { try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
      }
      var migrator = DatabaseMigrator()
      migrator.registerMigration("1") { try $0.execute(sql: Self.schema("grade", held: false)) }
      migrator.registerMigration("held") { database in
        // SQLite cannot change the values that a column takes.
        try database.execute(sql: Self.schema("more", held: true))
        try database.execute(sql: "INSERT INTO more SELECT *, 0 FROM grade")
        try database.execute(sql: "DROP TABLE grade")
        try database.execute(sql: "ALTER TABLE more RENAME TO grade")
      }
      guard try queue.read({ try !migrator.hasBeenSuperseded($0) }) else {
        throw GradebookError(description: "`\(path ?? "")` was written by a later version of unroll; use that one")
      }
      try migrator.migrate(queue)
    } catch let error as GradebookError {
      throw error
    } catch {
      throw Self.error(error, path)
    }
  }

  private static func schema(_ table: String, held: Bool) -> String {
    """
    CREATE TABLE \(table) (
      exercise TEXT NOT NULL,
      submission TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      submissionHash TEXT NOT NULL,
      exerciseHash TEXT NOT NULL,
      grader TEXT NOT NULL,
      tasks TEXT NOT NULL,
      seed TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('graded', 'refused', 'ungraded'\(held ? ", 'held'" : ""))),
      score REAL,
      maxScore REAL,
      points TEXT NOT NULL,
      mistakes TEXT NOT NULL,
      report TEXT NOT NULL,
      language TEXT NOT NULL,
      seconds REAL NOT NULL,
      recordedAt INTEGER NOT NULL,\(held ? "\n      strikes INTEGER NOT NULL," : "")
      PRIMARY KEY (exercise, submission, fingerprint)
    )
    """
  }

  package static func error(_ error: any Error, _ path: String?) -> GradebookError {
    let name = path.map { "`\($0)`" } ?? "the temporary gradebook"
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_NOTADB:
      return GradebookError(description: "\(name) is there already and is no gradebook; choose another name")
    case .SQLITE_CORRUPT:
      return GradebookError(description: "\(name) is damaged; go on with a copy of it, or with another name")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return GradebookError(description: "\(name) is in use by another program; try again when that has ended")
    case .SQLITE_FULL: return GradebookError(description: "\(name) cannot grow: the disk is full")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      return GradebookError(description: "\(name) cannot be opened for writing; see who owns it and its folder")
    default: return GradebookError(description: "\(name): \(error)")
    }
  }

  private func reaching<Value>(_ body: () throws -> Value) throws(GradebookError) -> Value {
    do { return try body() } catch { throw Self.error(error, path) }
  }

  /// Records a grade; the same thing graded again takes the place of its row.
  public func record(_ row: GradebookRow) throws(GradebookError) {
    let columns = GradebookRow.Column.allCases
    let list = columns.map(\.rawValue).joined(separator: ", ")
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    try reaching {
      let values = try row.values()
      try queue.write {
        try $0.execute(sql: "INSERT OR REPLACE INTO grade (\(list)) VALUES (\(places))", arguments: values)
      }
    }
  }

  /// The row that counts for a submission.
  public func latest(_ submission: String, exercise: String) throws(GradebookError) -> GradebookRow? {
    try reaching {
      try queue.read { database in
        try Row.fetchOne(
          database,
          sql: """
            SELECT * FROM grade WHERE exercise = ? AND submission = ?
            ORDER BY recordedAt DESC, fingerprint DESC LIMIT 1
            """, arguments: [exercise, submission]
        ).map(GradebookRow.init)
      }
    }
  }

  /// The seed of the grade recorded last, so that a class that is gone on with keeps its inputs.
  public func lastSeed(exercise: String) throws(GradebookError) -> UInt64? {
    try reaching {
      try queue.read { database in
        try String.fetchOne(
          database, sql: "SELECT seed FROM grade WHERE exercise = ? ORDER BY recordedAt DESC LIMIT 1",
          arguments: [exercise]
        ).flatMap { UInt64($0) }
      }
    }
  }

  /// The exercises that have grades, by id.
  public func exercises() throws(GradebookError) -> [String] {
    try reaching {
      try queue.read { try String.fetchAll($0, sql: "SELECT DISTINCT exercise FROM grade ORDER BY exercise") }
    }
  }

  /// The names of the submissions that have a row, by name.
  public func submissions(exercise: String) throws(GradebookError) -> [String] {
    try reaching {
      try queue.read {
        try String.fetchAll(
          $0, sql: "SELECT DISTINCT submission FROM grade WHERE exercise = ? ORDER BY submission",
          arguments: [exercise])
      }
    }
  }

  /// What graded the rows that count, and how many each; more than one where grades of different graders are mixed.
  public func rules(exercise: String) throws(GradebookError) -> [String: Int] {
    var counts: [String: Int] = [:]
    for name in try submissions(exercise: exercise) {
      guard let row = try latest(name, exercise: exercise), row.outcome != .ungraded, row.outcome != .held
      else { continue }
      counts[row.key.rules, default: 0] += 1
    }
    return counts
  }

  /// Takes over every row of another gradebook; doing it twice changes nothing.
  ///
  /// Where both have graded the same thing, a grade counts more than none, and a later row more than an earlier one.
  ///
  /// - Returns: how many rows are new or have changed.
  @discardableResult
  public func merge(_ other: Gradebook) throws(GradebookError) -> Int {
    guard let source = other.path else { return 0 }
    let columns = GradebookRow.Column.allCases.map(\.rawValue)
    let list = columns.joined(separator: ", ")
    let assignments = columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    return try reaching {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [source])
        defer { try? database.execute(sql: "DETACH DATABASE other") }
        let before = database.totalChangesCount
        try database.inTransaction {
          // WHERE TRUE parts the SELECT from ON CONFLICT for SQLite's parser.
          try database.execute(
            sql: """
              INSERT INTO main.grade (\(list)) SELECT \(list) FROM other.grade WHERE TRUE
              ON CONFLICT (exercise, submission, fingerprint) DO UPDATE SET \(assignments)
              WHERE (excluded.outcome NOT IN ('ungraded', 'held'), excluded.recordedAt)
                > (outcome NOT IN ('ungraded', 'held'), recordedAt)
              """)
          return .commit
        }
        return database.totalChangesCount - before
      }
    }
  }
}
