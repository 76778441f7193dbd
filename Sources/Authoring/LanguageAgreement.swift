// Whether the two languages of a sheet say the same, as far as a program can tell: headings, formulas, code.

import Diagnostics
import Markdown
import Sheets

/// Compares a sheet's texts part by part.
enum LanguageAgreement {
  /// What stands in one language and not in the other. Displayed formulas and the number of hints are compared when
  /// the sheet is read.
  static func differences(_ sheet: Sheet) -> [String] {
    guard let translation = sheet.translation else { return [] }
    let (here, there) = (contents(sheet.text), contents(translation))
    var findings: [String] = []
    let pairs = zip(here.headings, there.headings)
    if let place = pairs.enumerated().first(where: { $1.0 != $1.1 }) {
      let (own, other) = place.element
      findings.append("heading \(place.offset + 1) has level \(own) in sheet.md and level \(other) in sheet.zh.md")
    } else if here.headings.count != there.headings.count {
      findings.append(
        "there are \(here.headings.count) headings in sheet.md and \(there.headings.count) in sheet.zh.md")
    }
    for (what, own, other) in [
      ("formula", here.formulas, there.formulas), ("code", here.code, there.code),
      ("block of code", here.blocks, there.blocks),
    ] {
      for text in own.subtracting(other).sorted() {
        findings.append("the \(what) `\(text.shortened)` stands in sheet.md and not in sheet.zh.md")
      }
      for text in other.subtracting(own).sorted() {
        findings.append("the \(what) `\(text.shortened)` stands in sheet.zh.md and not in sheet.md")
      }
    }
    return findings
  }

  private struct Contents {
    var headings: [Int] = []
    var formulas: Set<String> = []
    var code: Set<String> = []
    var blocks: Set<String> = []
  }

  private static func contents(_ text: SheetText) -> Contents {
    var contents = Contents()
    for block in text.markdown.blocks.flattened {
      if case .heading(let level, _) = block.kind { contents.headings.append(level) }
      if case .code(_, let excerpt) = block.kind { contents.blocks.insert(excerpt.text) }
      for part in block.inlines.flattened { if case .code(let code) = part { contents.code.insert(code) } }
    }
    contents.formulas = Set(text.markdown.math.filter { $0.form == .inline }.map(\.latex))
    return contents
  }
}

extension String {
  fileprivate var shortened: String {
    let line = split(separator: "\n").joined(separator: " ")
    return line.count <= 60 ? line : line.prefix(59) + "…"
  }
}

extension [Block] {
  /// These blocks and all that stand in them.
  var flattened: [Block] {
    flatMap { block in
      switch block.kind {
      case .quote(let inner): [block] + inner.flattened
      case .list(_, _, let items): [block] + items.flatMap(\.flattened)
      default: [block]
      }
    }
  }
}

extension Block {
  /// The runs of text of the block itself.
  var inlines: [Inline] {
    switch kind {
    case .heading(_, let parts), .paragraph(let parts): parts
    default: []
    }
  }
}

extension [Inline] {
  /// These parts and all that stand in them.
  var flattened: [Inline] {
    flatMap { part in
      switch part {
      case .emphasis(let inner), .strong(let inner), .link(_, let inner), .image(_, let inner): [part] + inner.flattened
      default: [part]
      }
    }
  }
}
