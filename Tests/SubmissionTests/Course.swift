// Where the tests of whole submissions find the course, and the workbench that they share.

import Foundation
import Grading
import Sandbox
import Sheets
import SubmissionHost
import TestSupport

enum Course {
  static func sheet(_ id: String) throws -> Sheet {
    try Sheet(path: Repository.root.appending(path: "exercises/\(id)/sheet.md").path)
  }

  /// Grades the code of an exercise, not what is written beside it.
  ///
  /// - Parameter model: whether it is about a model; of its tasks all but the training are graded.
  static func grader(_ id: String, model: Bool = false) async throws -> Grader {
    let sheet = try sheet(id)
    let code = sheet.tasks.filter { task in
      if case .training = task.model { return false }
      return model ? task.kind == .model : [.forward, .backward, .sequence].contains(task.kind)
    }.map(\.id)
    return try Grader(sheet, tasks: code, with: try await workbench.value)
  }

  /// The model solution's cell.
  static func solution(_ id: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: "solutions/\(id)/Cell.swift"), encoding: .utf8)
  }

  static func submission(_ text: String) -> Submission {
    Submission(files: [Submission.File(name: "Cell.swift", bytes: Array(text.utf8))])
  }

  /// One workbench for all tests: the kit is built once.
  static let workbench = Task {
    return try await Workbench(
      sandbox: Sandbox(launcher: Repository.launcher.path, lockFolder: Repository.locks.path),
      kitSources: Repository.root.appending(path: "Sources"))
  }
}

extension Sequence where Element: Sendable {
  /// The results of a task for each element, in their order, a few at a time.
  ///
  /// Each starts compilers and jails: as many as there are cores are enough.
  func concurrently<Result: Sendable>(
    width: Int = 2, _ work: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    let elements = Array(self)
    return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results: [Int: Result] = [:]
      for (index, element) in elements.enumerated() {
        if index >= width, let (done, result) = try await group.next() { results[done] = result }
        group.addTask { (index, try await work(element)) }
      }
      for try await (done, result) in group { results[done] = result }
      return elements.indices.compactMap { results[$0] }
    }
  }
}
