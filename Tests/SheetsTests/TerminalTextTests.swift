// Sheets as text for a terminal.

import Diagnostics
import Markdown
import TestSupport
import Testing

@testable import Sheets

@Suite struct TerminalTextTests {
  @Test func golden() throws {
    let sheet = try Fixture.read(translation: Fixture.translation)
    try expectGolden(TerminalText(width: 60).text(sheet) ?? "", "show.txt", in: "sheets")
    try expectGolden(
      TerminalText(width: 40).text(sheet, language: .chinese, hints: 2) ?? "", "show.zh.txt", in: "sheets")
    try expectGolden(
      TerminalText(width: 60, hasColor: true).text(sheet, hints: 1) ?? "", "show.color.txt", in: "sheets")
  }

  @Test func hints() throws {
    let sheet = try Fixture.read()
    let terminal = TerminalText()
    let text = try #require(terminal.text(sheet))
    #expect(!text.contains("Look at the shapes") && !text.contains("only a teacher"))
    #expect(text.hasSuffix("2 hints: unroll show demo --hint 1\n"))
    #expect(
      terminal.hint(1, of: sheet)
        == "Hint 1 of 2: shapes\n\nLook at the shapes.\n\nThe next hint: unroll show demo --hint 2\n")
    #expect(terminal.hint(2, of: sheet)?.contains("    ∂L/∂W = [a; b]\n") == true)
    #expect(terminal.hint(3, of: sheet) == nil && terminal.hint(0, of: sheet) == nil)
    #expect(terminal.text(sheet, language: .chinese) == nil)
    #expect(terminal.text(sheet, hints: 9)?.contains("only a teacher") == false)
  }

  @Test(arguments: [20, 33, 60, 80]) func linesFit(_ width: Int) throws {
    let sheet = try Fixture.read(translation: Fixture.translation)
    for language in Language.allCases {
      for line in try #require(TerminalText(width: width).text(sheet, language: language)).split(separator: "\n") {
        let isOneWord =
          !line.contains(" ") || line.hasPrefix("    ") || line.contains("<") || line.contains("unroll show")
        #expect(String(line).terminalWidth <= width || isOneWord, "\(line)")
      }
    }
  }

  @Test(arguments: [
    ("梯度\n消失", "梯度消失"), ("梯度\n**消失**", "梯度消失"), ("消失。\n$`x`$ 是", "消失。x 是"), ("他说\n“是”\n吗", "他说“是”吗"),
    ("梯度\nLSTM", "梯度 LSTM"), ("one\ntwo", "one two"), ("`a`\n`b`", "`a` `b`"), ("그래\n디언트", "그래 디언트"),
    ("a “b”\nc", "a “b” c"),
  ])
  func chineseLinesJoin(_ text: String, _ shown: String) throws {
    let markdown = try Markdown(SourceText(name: "a.md", text: text))
    #expect(TerminalText().blocks(markdown.blocks, width: 80) == [shown])
  }

  @Test func theTitleIsShownOnce() throws {
    let sheet = try Fixture.read(translation: Fixture.translation)
    for language in Language.allCases {
      let title = try #require(sheet.text(language)?.title)
      let lines = try #require(TerminalText().text(sheet, language: language)).split(separator: "\n")
      #expect(lines.count { $0.contains(title) } == 1)
    }
  }

  @Test func chineseMarksStayWithTheirWord() {
    let lines = StyledText("梯度消失，或者爆炸。（门控）").lines(width: 8, hasColor: false)
    #expect(lines == ["梯度消", "失，或者", "爆炸。", "（门控）"])
  }

  @Test func controlsNeverReachTheTerminal() throws {
    let text = Fixture.sheet.replacing(
      "Take your time.", with: "a&#27;[31mb \u{1B}[2J `c\u{9B}d` $`x\u{202E}y`$ &#x202E;"
    )
    .replacing("let h =", with: "let \u{7}\u{1B}]0;title\u{7}h =").replacing(
      "source: NNDL", with: "source: \u{202E}NNDL")
    let shown = try #require(TerminalText().text(try Fixture.read(text)))
    for scalar in shown.unicodeScalars {
      #expect(scalar == "\n" || (scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value) && scalar != "\u{202E}"))
    }
  }
}
