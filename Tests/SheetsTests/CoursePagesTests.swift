// The course as HTML pages.

import Diagnostics
import Foundation
import Pages
import Sheets
import TestSupport
import Testing

@Suite(.timed) struct CoursePagesTests {
  /// A course of one translated sheet, something that looks like KaTeX, and where the pages go.
  private func withCourse(_ sheet: String = Fixture.sheet, _ body: (CoursePages, String) throws -> Void) throws {
    try withFolder { folder in
      try write(sheet, "\(folder)/exercises/demo/sheet.md")
      try write(Fixture.translation, "\(folder)/exercises/demo/sheet.zh.md")
      try write("svg", "\(folder)/exercises/demo/graph.svg")
      for name in ["katex.min.js", "katex.min.css", "fonts/A.woff2", "fonts/A.ttf"] {
        try write(name, "\(folder)/katex/\(name)")
      }
      let library = SheetLibrary(ContentRoot(path: folder))
      #expect(library.broken.isEmpty)
      try body(CoursePages(library, katex: "\(folder)/katex"), "\(folder)/pages")
    }
  }

  private func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func golden() throws {
    try withCourse { pages, folder in
      #expect(try pages.write(to: folder) == folder + "/index.html")
      for name in ["demo.html", "demo.zh.html", "index.html", "index.zh.html"] {
        try expectGolden(try read("\(folder)/\(name)"), "pages/\(name)", in: "sheets")
      }
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      #expect(
        files == [
          ".unroll-pages", "demo.html", "demo.zh.html", "index.html", "index.zh.html", "katex", "katex/LICENSE.txt",
          "katex/fonts",
          "katex/fonts/A.woff2", "katex/katex.min.css", "katex/katex.min.js", "unroll.css", "unroll.js",
        ])
    }
  }

  @Test func headingsAreReachable() throws {
    let text = Fixture.sheet.replacing(
      "> Take your time.",
      with: "## What to do\n\n## The $`h_t`$ & `dW`\n\nSee `other`, `demo`, `otherwise` and [`other`](x).")
    try withFolder { folder in
      for id in ["demo", "other"] {
        try write(text.replacing("id: demo", with: "id: \(id)"), "\(folder)/exercises/\(id)/sheet.md")
      }
      for name in ["katex.min.js", "katex.min.css", "fonts/A.woff2"] { try write(name, "\(folder)/katex/\(name)") }
      let pages = CoursePages(SheetLibrary(ContentRoot(path: folder)), katex: "\(folder)/katex")
      _ = try pages.write(to: "\(folder)/pages")
      let page = try read("\(folder)/pages/demo.html")
      for id in ["what-to-do", "what-to-do-2", "the-h-t-dw"] { #expect(page.contains("<h2 id=\"\(id)\">"), "\(id)") }
      #expect(page.contains("<li><a href=\"#what-to-do-2\">What to do</a></li>"))
      #expect(
        page.contains("<li><a href=\"#hint-1\">Hints</a></li>")
          && page.contains("<details class=\"hint\" id=\"hint-1\">"))
      // Code that names another sheet is a link to it; a sheet's own name, another word and what is a link already are not.
      #expect(page.contains("See <a href=\"other.html\"><code class=\"whole\">other</code></a>, <code"))
      #expect(page.components(separatedBy: "href=\"other.html\"").count - 1 == 2)
      #expect(
        try read("\(folder)/pages/index.html").contains(
          "<li data-words=\"What to do · What to do · The h_t &amp; dW\">"))
    }
  }

  @Test func aFigureStandsBeforeTheHintsWithItsWords() throws {
    try withCourse { pages, folder in
      var pages = pages
      func figure(_ word: String) -> PageFigure {
        PageFigure(
          svg: "<svg>\(word)</svg>", alternative: "a \"\(word)\" falls", caption: "\(word) <", command: "unroll plot")
      }
      pages.figures = ["demo": [.english: figure("curve"), .chinese: figure("曲线")], "other": [:]]
      _ = try pages.write(to: folder)
      let page = try read("\(folder)/demo.html")
      #expect(page.contains("<img src=\"demo/gradient-flow.svg\" alt=\"a &quot;curve&quot; falls\">"))
      let command = "<code><span class=\"word\">unroll</span> <span class=\"word\">plot</span></code>"
      #expect(page.contains("<figcaption>curve &lt; To draw it yourself: \(command)</figcaption>"))
      let place = try #require(page.range(of: "class=\"figure\"")).lowerBound
      #expect(place < (try #require(page.range(of: "class=\"hint\""))).lowerBound)
      #expect(page.components(separatedBy: "class=\"figure\"").count == 2)
      #expect(try read("\(folder)/demo.zh.html").contains("alt=\"a &quot;曲线&quot; falls\""))
      #expect(try read("\(folder)/demo/gradient-flow.svg") == "<svg>curve</svg>")
      #expect(try read("\(folder)/demo/gradient-flow.zh.svg") == "<svg>曲线</svg>")
    }
  }

  @Test func whatIsDangerousIsDropped() throws {
    let text = Fixture.sheet.replacing(
      "Take your time.",
      with:
        "Go <script>alert(1)</script> [a](javascript:alert(1)) $`a<b>\"&`$ ![g](graph.svg) [self](../demo/sheet.md) <b>bold</b>"
    )
    try withCourse(text) { pages, folder in
      _ = try pages.write(to: folder)
      let page = try read("\(folder)/demo.html")
      #expect(
        !page.contains("<script>") && !page.contains("javascript:") && !page.contains("<b>")
          && !page.contains("only a teacher"))
      #expect(page.contains("<span class=\"math\">a&lt;b&gt;&quot;&amp;</span>"))
      #expect(
        page.contains("<img src=\"demo/graph.svg\" alt=\"g\" />") && page.contains("<a href=\"demo.html\">self</a>"))
      #expect(try read("\(folder)/demo/graph.svg") == "svg")
    }
  }

  @Test func whatBelongsTogetherStaysOnALine() throws {
    let text = Fixture.sheet.replacing(
      "Take your time.",
      with: """
        So $`a`$, ($`b`$); $`c`$-th of `dW` and `a.very(long: piece, of: code)` ![`x`](graph.svg)
        > 梯度
        > 消失：$`d`$。

        ```sh
        unroll plot demo --format svg
        unroll list
        ```
        """)
    try withCourse(text) { pages, folder in
      _ = try pages.write(to: folder)
      let page = try read("\(folder)/demo.html")
      #expect(page.contains("So <span class=\"tied\"><span class=\"math\">a</span>,</span> <span class=\"tied\">("))
      #expect(page.contains("(<span class=\"math\">b</span>);</span> <span class=\"tied\"><span"))
      #expect(
        page.contains("c</span>-</span>th of <code class=\"whole\">dW</code> and <code><span class=\"word\">a.very("))
      #expect(page.contains("(long:</span> <span class=\"word\">piece,</span> <span class=\"word\">of:</span>"))
      #expect(page.contains("alt=\"x\" />"))
      #expect(page.contains("<pre><code><span class=\"command\"><span class=\"word\">unroll</span> "))
      #expect(
        page.contains(" <span class=\"word\">--format svg</span></span>\n<span class"))
      #expect(page.contains("梯度消失：<span class=\"tied\"><span class=\"math\">d</span>。</span></p>"))
      #expect(page.split(separator: "<h1>").count == 2 && page.split(separator: "A small sheet").count == 3)
    }
  }

  /// Chinese words between Chinese text, and what comes before a sheet.
  @Test func chinesePagesReadAsChinese() throws {
    try withFolder { folder in
      for (id, needs) in [("one", ""), ("two", ""), ("last", "one, two")] {
        let text = Fixture.sheet.replacing("id: demo", with: "id: \(id)").replacing(
          "minutes: 20", with: "needs: [\(needs)]")
        try write(text, "\(folder)/exercises/\(id)/sheet.md")
        try write(Fixture.translation, "\(folder)/exercises/\(id)/sheet.zh.md")
      }
      for name in ["katex.min.js", "katex.min.css", "fonts/A.woff2"] { try write(name, "\(folder)/katex/\(name)") }
      let pages = CoursePages(SheetLibrary(ContentRoot(path: folder)), katex: "\(folder)/katex")
      _ = try pages.write(to: "\(folder)/pages")
      for name in ["index.zh.html", "last.zh.html"] {
        let page = try read("\(folder)/pages/\(name)")
        #expect(page.contains("先做 <a href=\"one.zh.html\">一道小题</a>、<a href=\"two.zh.html\">一道小题</a></p>"))
        #expect(page.contains("· 出处：《神经网络与深度学习》习题 0-0 ·"))
      }
      let english = try read("\(folder)/pages/last.html")
      #expect(english.contains("A small sheet</a>, <a href=\"two.html\">"))
      #expect(english.contains("· NNDL, exercise 0-0 · 100\u{A0}points"))
    }
  }

  @Test func foreignFilesStay() throws {
    try withCourse { pages, folder in
      try write("mine", "\(folder)/notes.txt")
      let error = #expect(throws: CoursePages.Refusal.self) { try pages.write(to: folder) }
      #expect(error?.description.contains("holds files that unroll did not make") == true)
      try FileManager.default.removeItem(atPath: "\(folder)/notes.txt")
      _ = try pages.write(to: folder)
      // What a person adds later is neither overwritten nor removed.
      try write("mine", "\(folder)/notes.txt")
      try write("old", "\(folder)/old.html")
      var list = try read("\(folder)/.unroll-pages")
      list += "old.html\n../katex/katex.min.js\n"
      try write(list, "\(folder)/.unroll-pages")
      _ = try pages.write(to: folder)
      #expect(try read("\(folder)/notes.txt") == "mine")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/old.html"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/../katex/katex.min.js"))
      try write("mine", "\(folder)/demo/graph.svg")
      try write(Fixture.sheet + "\n![g](graph.svg)\n", "\(folder)/../exercises/demo/sheet.md")
      let more = CoursePages(SheetLibrary(pages.library.root), languages: [.chinese], katex: pages.katex)
      #expect(try more.write(to: folder) == folder + "/index.zh.html")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/demo.html"))
    }
  }

  @Test func katexIsMissing() throws {
    try withCourse { pages, folder in
      let other = CoursePages(pages.library, katex: folder + "/none")
      let error = #expect(throws: CoursePages.Refusal.self) { try other.write(to: folder) }
      #expect(error?.description.contains("install libjs-katex") == true)
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}
