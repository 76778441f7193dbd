// Expected files: compared as a whole, rewritten on request.

import Foundation
public import Testing

/// Compares a text with a file below Tests/Golden.
///
/// `RECORD_GOLDENS=1` writes the file and still fails, so that nothing is recorded unseen.
public func expectGolden(
  _ text: String, _ name: String, in folder: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = Repository.tests.appending(path: "Golden/\(folder)/\(name)")
  if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) recorded; run again without RECORD_GOLDENS", sourceLocation: sourceLocation)
    return
  }
  guard let data = try? Data(contentsOf: file) else {
    Issue.record("there is no \(file.path)", sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: data, as: UTF8.self)
  guard expected != text else { return }
  let difference = text.split(separator: "\n", omittingEmptySubsequences: false)
    .difference(from: expected.split(separator: "\n", omittingEmptySubsequences: false))
  let lines = difference.map { change in
    switch change {
    case .insert(let offset, let line, _): "+\(offset + 1) \(line)"
    case .remove(let offset, let line, _): "-\(offset + 1) \(line)"
    }
  }
  Issue.record("\(name) differs:\n\(lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
}
