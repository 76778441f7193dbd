// What a sheet points at: links, images, and the commands that it tells a learner to type.

import Diagnostics
import FoundationEssentials
import Markdown
import Sheets

/// Finds out whether what a sheet points at is there.
enum Reference {
  /// How many references both languages have, and what is wrong with them.
  static func check(_ sheet: Sheet, in library: SheetLibrary) -> (count: Int, broken: [String]) {
    var count = 0
    var broken: [String] = []
    for text in [sheet.text, sheet.translation].compactMap({ $0 }) {
      let file = text.markdown.source.name
      for block in text.markdown.blocks.flattened {
        var commands: [String] = []
        if case .code(_, let excerpt) = block.kind { commands += excerpt.text.split(separator: "\n").map(String.init) }
        for part in block.inlines.flattened {
          switch part {
          case .code(let code): commands.append(code)
          case .link(let destination, _), .image(let destination, _):
            count += 1
            if let reason = trouble(destination, sheet, library) { broken.append("\(file): \(reason)") }
          default: break
          }
        }
        for command in commands {
          guard let ids = exercises(in: command) else { continue }
          count += 1
          for id in ids where !library.ids.contains(id) && id != sheet.id {
            broken.append("\(file): `\(command)` names `\(id)`, and there is no such sheet")
          }
        }
      }
    }
    return (count, broken)
  }

  /// The exercises that a command names; nil for what is no command of ours.
  private static func exercises(in command: String) -> [String]? {
    let words = command.split(separator: " ").map(String.init)
    guard words.count >= 3, words[0] == "unroll" else { return nil }
    let takesOne = ["show", "start", "grade", "reference", "faults", "watch"]
    guard takesOne.contains(words[1]) || words[1] == "plot" || words[1] == "check" else { return nil }
    let names = words[2...].prefix { !$0.hasPrefix("-") && !$0.contains("/") }
    return takesOne.contains(words[1]) ? Array(names.prefix(1)) : Array(names)
  }

  /// Why a destination leads nowhere; nil where it does not, or where only the network could tell.
  private static func trouble(_ destination: String, _ sheet: Sheet, _ library: SheetLibrary) -> String? {
    if destination.hasPrefix("https://") || destination.hasPrefix("http://") || destination.hasPrefix("mailto:") {
      return nil
    }
    let path = destination.split(separator: "#", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    guard !path.isEmpty else { return nil }
    let folder = URL(filePath: sheet.file).deletingLastPathComponent()
    if FileManager.default.fileExists(atPath: folder.appending(path: path).path) { return nil }
    return "the link to `\(destination)` leads nowhere"
  }
}
