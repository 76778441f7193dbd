// Mathematics in Markdown: all of it is found, and every byte knows its place in the file.

import Diagnostics
import Markdown
import Sheets
import Testing

@Suite struct MathSpanTests {
  /// The spans of a text as `line:column latex`.
  private func spans(_ text: String) throws -> [String] {
    let markdown = try Markdown(SourceText(name: "a.md", text: text))
    let bytes = Array(text.utf8)
    for span in markdown.math {
      for (offset, byte) in span.latex.utf8.enumerated() where byte != UInt8(ascii: "\n") {
        #expect(bytes[span.excerpt.sourceOffset(of: offset)] == byte, "\(span.latex) at \(offset)")
      }
    }
    return markdown.math.map { span in
      let position = markdown.source.position(at: span.excerpt.sourceOffset(of: 0))
      let role = span.role.map { " [\($0)]" } ?? ""
      let form = span.form == .display ? " display" : ""
      return
        "\(position.line):\(position.column) \(span.latex.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎"))\(form)\(role)"
    }
  }

  @Test func inline() throws {
    #expect(try spans("令 $`h_t = a \\\\ b`$ 与 $x_1 * y_2$。") == ["1:5 h_t = a \\\\ b", "1:23 x_1 * y_2"])
    #expect(try spans("*a $`b`$* **$c$**d `$e$` ``$`f`$`` \\$g$") == ["1:6 b", "1:14 c"])
    #expect(try spans("# $`k`$\n\n$`two\nlines`$ and $`z`$") == ["1:5 k", "3:3 two⏎lines", "4:15 z"])
    #expect(try spans("costs $5 and $6, or $ 7 $") == [])
    #expect(try spans("[a $`x`$](http://b/$c$ \"$d$\") $`y`$") == ["1:6 x", "1:33 y"])
  }

  @Test func fences() throws {
    #expect(try spans("```math forward\nh = 1\n  k\n```") == ["2:1 h = 1⏎  k display [forward]"])
    #expect(try spans("~~~ math\nx\n~~~") == ["2:1 x display"])
    #expect(try spans("> - a\n>   ```math\n>   x\n>\n>     y\n>   ```\n> $`z`$") == ["3:5 x⏎⏎  y display", "7:5 z"])
    #expect(try spans("1. a\n\n   ```math\n   x\n   ```") == ["4:4 x display"])
    #expect(try spans("- a\n\n\t```math\n\tx\n\t```") == ["4:2 x display"])
    #expect(try spans("```math") == ["1:8  display"])
    #expect(try spans("```text\n$`x`$ $y$ $$z$$\n```") == [])
    #expect(try spans("````md\n```math\nx\n```\n````\n$y$") == ["6:2 y"])
    #expect(try spans("> ```\n> $a$\n\n$b$") == ["4:2 b"])
    #expect(try spans("    $indented$\n\n$a$") == ["3:2 a"])
  }

  @Test func displays() throws {
    #expect(try spans("$$\n- a \\\\\n+ b_1 * c_2\n\n= d\n$$") == ["1:3 ⏎- a \\\\⏎+ b_1 * c_2⏎⏎= d⏎ display"])
    #expect(try spans("> $$ a\n> + b $$ c") == ["1:5  a⏎+ b  display"])
    #expect(try spans("text $$x$$ and $$y$$.") == ["1:8 x display", "1:18 y display"])
    #expect(try spans("$$\nx\n$$\n$$\ny\n$$") == ["1:3 ⏎x⏎ display", "4:3 ⏎y⏎ display"])
  }

  @Test func lineEndings() throws {
    let text = "a $`x`$\n\n> ```math\n> y\n> z\n> ```\n\n$$\nw\n$$\n"
    let lines = try spans(text)
    #expect(lines == ["1:5 x", "4:3 y⏎z display", "8:3 ⏎w⏎ display"])
    #expect(try spans(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")) == lines)
  }

  @Test func blocksBesideMathematics() throws {
    let markdown = try Markdown(SourceText(name: "a.md", text: "$$\nx\n\ny\n$$\n\nafter `$a$`"))
    guard markdown.blocks.count == 2, case .math = markdown.blocks[0].kind,
      case .paragraph(let parts) = markdown.blocks[1].kind
    else {
      Issue.record("\(markdown.blocks.count) blocks")
      return
    }
    #expect(parts == [.text("after "), .code("$a$")])
  }

  @Test func neverClosed() throws {
    let markdown = try Markdown(SourceText(name: "a.md", text: "a\n\n$$\nx\n\ny"))
    #expect(markdown.findings.map(\.position) == [SourcePosition(line: 3, column: 1)])
    #expect(markdown.math.isEmpty)
  }

  @Test func nestingIsBounded() throws {
    let text = String(repeating: ">", count: 100_000) + " a"
    #expect(throws: DiagnosticList.self) { try Markdown(SourceText(name: "a.md", text: text)) }
    let lists = (0..<300).map { String(repeating: "  ", count: $0) + "- a" }.joined(separator: "\n")
    #expect(throws: DiagnosticList.self) { try Markdown(SourceText(name: "a.md", text: lists)) }
  }

  @Test func bracketsAndTicksWithoutEnd() throws {
    for piece in ["$", "$$", "`", "$`", "[", "*", "![", "<", "\\", "$a", "`$`"] {
      let text = String(repeating: piece, count: 5000)
      _ = try? Markdown(SourceText(name: "a.md", text: text))
    }
  }
}
