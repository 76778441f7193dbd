// What is told of a submission that has no grade, in every form, and what becomes of it afterwards.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: Machine.isRoot, "needs a mount"), .tier(.test), .timed) struct UngradedTests {
  private static let solution = "solutions/rnn-step"

  // MARK: One submission

  @Test(
    "not graded: told in every form and language, exit 2, no points",
    arguments: ["text", "json", "csv", "junit", "gradescope"], ["en", "zh"])
  func everyForm(_ format: String, _ language: String) throws {
    let scratch = try Scratch()
    let run = try Machine.inSmallFolder(
      "$UNROLL grade rnn-step \(Self.solution) --seed 5 --format \(format) --language \(language)", "100k", in: scratch)
    #expect(run.code == 2, "\(run.output) \(run.error)")
    #expect(run.error.contains("not graded: \(Self.solution)"), "\(run.error)")
    let words =
      language == "zh" ? "已知可以编译的程序在这台机器上也无法编译" : "a program that is known to compile could not be built here either"
    #expect(run.error.contains(words), "\(run.error)")
    if format != "gradescope" { #expect(run.output.contains(words), "\(run.output)") }
    switch format {
    case "text":
      #expect(
        run.output.contains(language == "zh" ? "没有评分（不是学生的问题）" : "not graded (not the learner's fault)"))
    case "json":
      let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      #expect(report?["status"] as? String == "ungraded" && report?["score"] is NSNull)
    case "csv": #expect(run.output.contains(/\r\nsolutions.rnn-step,,,.*,ungraded,/), "\(run.output)")
    case "junit":
      #expect(run.output.contains("errors=\"1\"") && run.output.contains("failures=\"0\""), "\(run.output)")
      #expect(run.output.contains("<error type=\"ungraded\""), "\(run.output)")
    default: #expect(run.output.isEmpty, "\(run.output)")
    }
  }

  @Test("unroll plot with a submission: the machine's fault is told as that, the submission's as its own")
  func plotting() throws {
    let scratch = try Scratch()
    let plot = "$UNROLL plot rnn-step --steps 5 --seeds 2 --submission"
    let full = try Machine.inSmallFolder("\(plot) \(Self.solution)", "100k", in: scratch)
    #expect(full.code == 2 && full.output.isEmpty, "\(full.output)")
    #expect(
      full.error.contains(
        "not its author's fault: a program that is known to compile could not be built here either"), "\(full.error)")
    let cell = try String(contentsOf: Repository.root.appending(path: "\(Self.solution)/Cell.swift"), encoding: .utf8)
    _ = try scratch.file(
      "exits/Cell.swift",
      cell.replacingOccurrences(of: "let h = ", with: "_exit(87)\n    let h = ").replacingOccurrences(
        of: "import CellKit", with: "import CellKit\nimport Glibc"))
    let exits = try Machine.shell("\(plot) \(scratch.url.path)/exits", in: scratch.url)
    #expect(exits.code == 2 && exits.error.contains("the submission's cell gave no curve"), "\(exits.error)")
    // Killed by the machine the first time, and left alone when it is tried again.
    let once = try Machine.shell(
      """
      below() { for child in $(pgrep -P "$1"); do echo "$child"; below "$child"; done; }
      \(plot) \(Self.solution) >\(scratch.url.path)/curves.csv &
      unroll=$!
      for i in $(seq 2000); do
        for process in $(below $unroll); do
          [ "$(cat /proc/$process/comm 2>/dev/null)" = swift-frontend ] && kill -KILL $process && break 2
        done
        sleep 0.01
      done
      [ $i -lt 2000 ] || exit 97
      wait $unroll
      """, in: scratch.url)
    #expect(once.code == 0, "\(once.error)")
    let curves = try String(contentsOf: scratch.url.appending(path: "curves.csv"), encoding: .utf8)
    // The head, the reference's curve and the submission's at the steps 0 to 5.
    #expect(curves.components(separatedBy: "\r\n").count == 1 + 6 + 6 + 1, "\(curves)")
  }

  @Test("unroll watch on a full disk: says that it is not the learner's fault, and grades when there is room again")
  func watching() throws {
    let scratch = try Scratch()
    let cell = try String(contentsOf: Repository.root.appending(path: "\(Self.solution)/Cell.swift"), encoding: .utf8)
    let file = try scratch.file("mine/Cell.swift", cell)
    let output = scratch.url.appending(path: "output").path
    let run = try Machine.inSmallFolder(
      """
      wait_for() { for i in $(seq 600); do grep -q "$1" \(output) && return; sleep 0.1; done; exit 98; }
      $UNROLL watch rnn-step \(scratch.url.path)/mine --seed 3 >\(output) &
      watch=$!
      trap 'kill -INT $watch' EXIT
      wait_for "not graded (not the learner's fault)"
      grep -q "100 / 100" \(output) && exit 97
      mount -o remount,size=200m "$TMPDIR"
      cp \(file) \(file).new && mv \(file).new \(file)
      wait_for "100 / 100"
      """, "100k", in: scratch)
    #expect(run.code == 0, "\(run.error) \((try? String(contentsOfFile: output, encoding: .utf8)) ?? "")")
  }

  @Test(
    "Gradescope's script where the results' disk is full: an earlier results.json stays, and the script fails")
  func fullResults() throws {
    let scratch = try Scratch()
    for (name, text) in [("source/exercise", "rnn-step\n"), ("source/options", "")] { _ = try scratch.file(name, text) }
    let results = scratch.url.appending(path: "results").path
    let script = try scratch.file(
      "results.sh",
      """
      cp -r \(Self.solution) \(scratch.url.path)/submission
      mkdir -p \(results) && mount -t tmpfs -o size=16k tmpfs \(results) || exit 99
      echo '{"earlier": true}' >\(results)/results.json
      head -c 1M /dev/zero >\(results)/full 2>/dev/null
      deploy/gradescope/run_autograder
      code=$?
      cat \(results)/results.json
      ls \(results)
      exit $code
      """)
    let run = try Machine.shell(
      "exec unshare --mount bash \(script)", in: scratch.url,
      environment: ["AUTOGRADER": scratch.url.path, "UNROLL_ROOT": Repository.root.path])
    #expect(run.code == 1, "\(run.output) \(run.error)")
    #expect(run.output.contains("Not graded (not the learner's fault)"), "\(run.output)")
    #expect(run.output.hasSuffix("{\"earlier\": true}\nfull\nresults.json\n"), "\(run.output)")
  }

  // MARK: Held

  /// A machine on which every attempt at a submission fails, and the trial after it, and everything else succeeds: the
  /// disk is full from the moment at which a learner's file lies in a work folder until the grader has ended.
  private static let failing = """
    fill() {
      until ls "$TMPDIR"/unroll-*/source/Cell.swift >/dev/null 2>&1; do sleep 0.002; done
      head -c 1G /dev/zero >"$TMPDIR/full" 2>/dev/null
    }
    failing() {
      fill &
      local filling=$! code
      "$@"
      code=$?
      kill $filling 2>/dev/null
      wait $filling
      rm -f "$TMPDIR/full"
      return $code
    }

    """

  @Test("three times not graded, with trials that passed before each: held, and tried again only when asked")
  func held() throws {
    let scratch = try Scratch()
    let cell = try String(contentsOf: Repository.root.appending(path: "\(Self.solution)/Cell.swift"), encoding: .utf8)
    _ = try scratch.file("class/s1/Cell.swift", cell)
    let (folder, out) = (scratch.url.appending(path: "class").path, scratch.url.appending(path: "out").path)
    let grade = "$UNROLL grade rnn-step --class \(folder) --output \(out) --seed 5"
    func table(_ out: String) throws -> String { try String(contentsOfFile: out + "/grades.csv", encoding: .utf8) }
    for option in ["", " --resume", " --resume"] {
      let run = try Machine.inSmallFolder(Self.failing + "failing \(grade)\(option)", "100m", in: scratch)
      #expect(run.code == 2, "\(run.output) \(run.error)")
      #expect(run.output.contains("s1  –  not graded (not the learner's fault): "), "\(run.output)")
      #expect(run.output.contains("1 not graded (not the learners' fault)"), "\(run.output)")
      #expect(try table(out).contains(/\r\ns1,,,.*,ungraded,/))
    }
    // The machine is sound now; that it has been so before each try is known, so that there is no fourth one.
    for (language, words) in [("en", "not graded, held for a person"), ("zh", "没有评分，等待老师查看")] {
      let run = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume", "--language", language)
      #expect(run.code == 2 && run.output.contains("s1  –  \(words)"), "\(run.output) \(run.error)")
      #expect(run.output.contains("--resume --retry-held"), "\(run.output)")
      #expect(try table(out).contains(/\r\ns1,,,.*,held,/))
    }
    try heldInEveryForm(folder, gradebook: out + "/gradebook.sqlite", scratch)
    let asked = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume", "--retry-held")
    #expect(asked.code == 0 && asked.output.contains("s1  100 / 100"), "\(asked.output) \(asked.error)")
    #expect(try table(out).contains(/\r\ns1,100,100,/))
  }

  @Test("held, and handed in anew: graded without being asked")
  func handedInAnew() throws {
    let scratch = try Scratch()
    let cell = try String(contentsOf: Repository.root.appending(path: "\(Self.solution)/Cell.swift"), encoding: .utf8)
    _ = try scratch.file("class/s1/Cell.swift", cell)
    let (folder, out) = (scratch.url.appending(path: "class").path, scratch.url.appending(path: "out").path)
    let grade = "$UNROLL grade rnn-step --class \(folder) --output \(out) --seed 5"
    _ = try Machine.inSmallFolder(
      Self.failing + "failing \(grade); failing \(grade) --resume; failing \(grade) --resume", "100m", in: scratch)
    let held = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume")
    #expect(held.code == 2 && held.output.contains("held for a person"), "\(held.output) \(held.error)")
    _ = try scratch.file("class/s1/Cell.swift", cell + "\n")
    let anew = try Run("grade", "rnn-step", "--class", folder, "--output", out, "--resume")
    #expect(anew.code == 0 && anew.output.contains("s1  100 / 100"), "\(anew.output) \(anew.error)")
  }

  /// The reports and tables of a held submission, which are made without another try.
  private func heldInEveryForm(_ folder: String, gradebook: String, _ scratch: Scratch) throws {
    for (format, ending) in [
      ("text", "txt"), ("json", "json"), ("csv", "csv"), ("junit", "xml"), ("gradescope", "json"),
    ] {
      let out = scratch.url.appending(path: "out-\(format)").path
      let earlier = "{\"earlier\": true}\n"
      if format == "gradescope" { _ = try scratch.file("out-gradescope/s1.json", earlier) }
      let run = try Run(
        "grade", "rnn-step", "--class", folder, "--output", out, "--gradebook", gradebook, "--resume", "--format",
        format)
      #expect(run.code == 2 && run.output.contains("held for a person"), "\(format): \(run.output) \(run.error)")
      let report = try String(contentsOfFile: "\(out)/s1.\(ending)", encoding: .utf8)
      switch format {
      case "text": #expect(report.contains("not graded, held for a person (not the learner's fault)"))
      case "json":
        let json = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
        #expect(json?["status"] as? String == "held" && json?["score"] is NSNull, "\(report)")
      case "csv": #expect(report.contains(/\r\ns1,,,.*,held,/), "\(report)")
      case "junit":
        #expect(report.contains("<error type=\"held\"") && report.contains("failures=\"0\""), "\(report)")
      default: #expect(report == earlier)
      }
    }
    let csv = try Run("gradebook", "export", gradebook)
    #expect(csv.code == 0 && csv.output.contains(/\r\ns1,,,.*,held,/), "\(csv.output)")
    let json = try Run("gradebook", "export", gradebook, "--format", "json")
    let items = try #require(try json.json() as? [[String: Any]])
    #expect(items.count == 1 && items[0]["outcome"] as? String == "held" && items[0]["score"] == nil, "\(json.output)")
  }
}
