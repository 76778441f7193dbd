// unroll next

import ArgumentParser
import Diagnostics
import Sheets

struct NextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Say which exercise to go on with.",
    discussion: """
      Best grades are kept in the folders that `unroll start` made (.unroll/best, plain text); they are looked for in the \
      working directory and the folders in it.
      """)

  @Option(help: "The language of the answer.")
  var language = Language.preferred()

  @OptionGroup var course: CourseOptions

  func run() throws {
    let library = SheetLibrary(try course.contentRoot())
    Terminal.write(Array((Self.advice(Progress(in: "."), library, language) + "\n").utf8))
  }

  /// What to do next, with the command that does it.
  static func advice(_ progress: Progress, _ library: SheetLibrary, _ language: Language) -> String {
    func say(_ english: Message, _ chinese: Message) -> String { Message(english, chinese).text(in: language) }
    guard let sheet = progress.next(in: library) else {
      return say("Every exercise has full marks.", "所有题目都已得满分。")
    }
    let title = "\(sheet.id)  \(sheet.text(language)?.title ?? sheet.title)"
    if let best = progress.best[sheet.id] {
      let points = "\(Words.number(best.points)) / \(Words.number(best.total))"
      return say(
        "Go on with \(title)\n\(points) so far: unroll grade \(sheet.id) \(best.folder)",
        "继续做 \(title)\n目前 \(points)：unroll grade \(sheet.id) \(best.folder)")
    }
    return say(
      "Next: \(title)\nRead it with unroll show \(sheet.id), begin with unroll start \(sheet.id)",
      "下一题：\(title)\n用 unroll show \(sheet.id) 读题，用 unroll start \(sheet.id) 开始")
  }
}
