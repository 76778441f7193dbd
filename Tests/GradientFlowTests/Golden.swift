// Expected files: compared as a whole, rewritten on request.

import Foundation
import Testing

/// Compares a text with a file under Tests/Golden/plots.
///
/// `RECORD_GOLDENS=1` writes the file and still fails, so that nothing is recorded unseen.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let file = folder.appending(path: "Golden/plots/\(name)")
  if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) recorded; run again without RECORD_GOLDENS", sourceLocation: sourceLocation)
    return
  }
  let expected = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
  #expect(expected == text, "\(name) differs, or is missing", sourceLocation: sourceLocation)
}
