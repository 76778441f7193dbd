// Any bytes as the forward equations of a cell: a diagnostic or a reading, never a crash, a hang or much memory.

import Diagnostics
import Formula
import FuzzDriver
import Glibc

exit(
  fuzz { bytes, count in
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let excerpt = SourceExcerpt(SourceText(name: "fuzz", text: text))
    var vocabulary = Vocabulary()
    for name in ["h", "c", "x", "z"] { vocabulary.declare(Name(base: name), as: .timed) }
    for name in ["W", "U", "b"] { vocabulary.declare(Name(base: name), as: .untimed) }
    do { _ = try FormulaReader.forwardEquations([excerpt], vocabulary: &vocabulary) } catch { _ = "\(error)" }
    do { _ = try FormulaReader.name(text, in: excerpt.source, at: 0..<min(1, count)) } catch { _ = "\(error)" }
    return 0
  })
