// Any bytes as a sheet and, behind a form feed, as its translation: findings or a sheet, never a crash, a hang or much
// memory.

import Diagnostics
import Faults
import FuzzDriver
import Glibc
import Sheets

exit(
  fuzz { bytes, count in
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let parts = text.split(separator: "\u{C}", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let source = SourceText(name: "sheet.md", text: parts[0])
    let translation = parts.count > 1 ? SourceText(name: "sheet.zh.md", text: parts[1]) : nil
    do {
      let sheet = try Sheet(source, translation: translation)
      // Whatever was read can be shown.
      _ = sheet.cell?.faults.count
    } catch { _ = "\(error)" }
    return 0
  })
