// Expected reports: compared as a whole, rewritten on request.

import Foundation
import Testing

/// Compares a report with a file under Tests/Golden/reports; `RECORD_GOLDENS=1` writes the file and still fails.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let file = folder.appending(path: "Golden/reports/\(name)")
  if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) recorded; run again without RECORD_GOLDENS", sourceLocation: sourceLocation)
    return
  }
  let data = try #require(try? Data(contentsOf: file), "there is no \(file.path)", sourceLocation: sourceLocation)
  let difference = text.split(separator: "\n", omittingEmptySubsequences: false)
    .difference(from: String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false))
  #expect(difference.isEmpty, "\(name) differs: \(difference)", sourceLocation: sourceLocation)
}
