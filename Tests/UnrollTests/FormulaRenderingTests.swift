// Every formula of every sheet is set by KaTeX without an error, in a browser, from the pages that `unroll render` writes.

import Foundation
import TestSupport
import Testing

@Suite(.tier(.test), .timed) struct FormulaRenderingTests {
  /// A browser without a window; Debian's package is called chromium.
  private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: browser != nil, "needs Chromium (apt-get install chromium)"))
  func everyFormulaIsSet() throws {
    let scratch = try Scratch()
    let site = scratch.url.appending(path: "site")
    let run = try Run("render", "--output", site.path)
    try #require(run.code == 0, "\(run.error)")
    // One page of all pages: a browser takes a second to start.
    let pages = try FileManager.default.contentsOfDirectory(atPath: site.path).filter { $0.hasSuffix(".html") }.sorted()
    var parts: [String] = []
    var formulas = 0
    for page in pages {
      let text = try String(contentsOf: site.appending(path: page), encoding: .utf8)
      let start = try #require(text.range(of: "<main id=\"text\">"))
      let end = try #require(text.range(of: "</main>"))
      parts.append("<article id=\"\(page)\">\(text[start.upperBound..<end.lowerBound])</article>")
      formulas += text.matches(of: /<(div|span) class="math/).count
    }
    #expect(pages.count >= 2 * 13 + 2 && formulas > 1000)
    // The first formula that fails is told with its page, as the title of the document.
    let html = """
      <!DOCTYPE html><html><head><meta charset="utf-8"><script src="katex/katex.min.js"></script>
      <script src="unroll.js"></script></head><body>\(parts.joined())
      <script>document.addEventListener("DOMContentLoaded", () => {
        const failed = Array.from(document.querySelectorAll(".failed, .katex-error, .math.plain"));
        const told = failed.map(one => one.closest("article").id + ": " + one.textContent.slice(0, 200));
        const set = Array.from(document.querySelectorAll(".math"))
          .filter(one => one.querySelector(".katex") && !one.closest(".now")).length;
        const result = { set: set, failed: told };
        document.body.textContent = "RESULT" + btoa(unescape(encodeURIComponent(JSON.stringify(result)))) + "END";
      });</script></body></html>
      """
    let page = site.appending(path: "all-pages.html")
    try Data(html.utf8).write(to: page)
    let output = try browse(page, in: scratch)
    let start = try #require(output.range(of: "RESULT"), "\(output.prefix(400))")
    let end = try #require(output.range(of: "END", range: start.upperBound..<output.endIndex))
    let data = try #require(Data(base64Encoded: String(output[start.upperBound..<end.lowerBound])))
    let result = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(result["failed"] as? [String] == [])
    #expect(result["set"] as? Int == formulas)
  }

  /// The document as it is after its scripts have run.
  private func browse(_ page: URL, in scratch: Scratch) throws -> String {
    let file = scratch.url.appending(path: "dom.html")
    try Data().write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = [
      "120", try #require(Self.browser), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(scratch.url.appending(path: "profile").path)", "--virtual-time-budget=60000", "--dump-dom",
      page.absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return try String(contentsOf: file, encoding: .utf8)
  }
}
