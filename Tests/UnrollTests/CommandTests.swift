// The built program as a person calls it: what it prints, where, and how it ends.

import Foundation
import TestSupport
import Testing

/// One run of the built program.
struct Run {
  let code: Int32
  let output: String
  let error: String

  /// Runs `unroll` with arguments; its answers go through files, so that no pipe can fill up.
  init(_ arguments: String..., input: String = "") throws {
    try self.init(list: arguments, input: input)
  }

  init(
    list arguments: [String], in folder: URL = Repository.root, input: String = "", environment: [String: String] = [:]
  )
    throws
  {
    let scratch = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = ["out", "err", "in"].map { scratch.appending(path: $0) }
    for file in files { try Data().write(to: file) }
    try Data(input.utf8).write(to: files[2])
    let process = Process()
    process.executableURL = Repository.products.appending(path: "unroll")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
      .merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = try FileHandle(forReadingFrom: files[2])
    try process.run()
    process.waitUntilExit()
    code = process.terminationStatus
    output = try String(contentsOf: files[0], encoding: .utf8)
    error = try String(contentsOf: files[1], encoding: .utf8)
  }

  func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
}

@Suite struct ListTests {
  @Test func listsInEveryFormat() throws {
    let text = try Run("list")
    #expect(text.code == 0 && text.error.isEmpty)
    #expect(text.output.contains("nndl-6-4"))
    let csv = try Run("list", "--format", "csv").output.split(whereSeparator: \.isNewline)
    #expect(csv.first == "id,title,points,minutes,needs,tasks")
    let json = try #require(try Run("list", "--format", "json").json() as? [[String: Any]])
    #expect(json.count == csv.count - 1)
    let lstm = try #require(json.first { $0["id"] as? String == "nndl-6-4" })
    #expect(lstm["points"] as? Int == 100)
    #expect((lstm["tasks"] as? [[String: Any]])?.first?["kind"] as? String == "forward")
  }

  @Test func aBrokenSheetIsNamedAndHidesNoOther() throws {
    let scratch = try Scratch()
    let good = try String(contentsOf: Repository.root.appending(path: "exercises/rnn-step/sheet.md"), encoding: .utf8)
    _ = try scratch.file("exercises/rnn-step/sheet.md", good)
    _ = try scratch.file(
      "exercises/bad/sheet.md",
      good.replacingOccurrences(of: "id: rnn-step", with: "id: bad").replacingOccurrences(
        of: "W_h + b", with: "W_q + b"))
    let run = try Run("list", "--root", scratch.url.path)
    #expect(run.code == 0)
    #expect(run.output.contains("rnn-step"))
    #expect(run.error.contains("bad/sheet.md:") && run.error.contains("W_q"))
  }
}

@Suite struct UsageTests {
  @Test(arguments: [
    ["list", "--format", "xml"], ["grade"], ["grade", "nndl-6-4"], ["show", "nndl-6-44"], ["frobnicate"],
    ["grade", "nndl-6-4", "/nonexistent"], ["show", "nndl-6-4", "--hint", "99"], ["plot", "--steps", "0"],
    ["plot", "--quantity", "q"], ["reference", "nndl-6-4", "--case", "/nonexistent"],
    ["list", "--root", "/nonexistent"],
    ["grade", "nndl-6-4", "solutions/nndl-6-4", "--task", "q"],
    ["show", "Tests/Fixtures/sheets/pytorch-gru", "--language", "zh"],
  ])
  func whatCannotBeDoneEndsWithTwo(_ arguments: [String]) throws {
    let run = try Run(list: arguments)
    #expect(run.code == 2, "\(arguments): \(run.error)")
    #expect(!run.error.isEmpty && run.output.isEmpty)
    #expect(!run.error.contains("Error Domain") && !run.error.contains("Fatal"))
  }

  @Test func helpAndVersionAreAnswers() throws {
    #expect(try Run("--help").code == 0)
    #expect(
      try Run("grade", "--help").output.contains("EXERCISE") || Run("grade", "--help").output.contains("<exercise>"))
    #expect(try Run("--version").output.hasPrefix("0."))
  }

  @Test func anUnknownExerciseIsAnsweredWithNearOnes() throws {
    #expect(try Run("show", "nndl-6-44").error.contains("nndl-6-4"))
  }
}

@Suite struct ShowTests {
  @Test func hintsOpenOneAtATimeAndTeachersNotesNever() throws {
    let sheet = try Run("show", "nndl-6-4").output
    #expect(sheet.contains("cₜ = fₜ ⊙ cₜ₋₁"))
    #expect(!sheet.contains("\u{1B}["))
    let first = try Run("show", "nndl-6-4", "--hint", "1").output
    #expect(!first.isEmpty && !sheet.contains(first.split(separator: "\n")[1]))
    #expect(!sheet.lowercased().contains("for teachers"))
  }
}

@Suite struct ReferenceTests {
  @Test func computesACaseAndReadsItBack() throws {
    let scratch = try Scratch()
    let text = """
      {"parameters": {"U": [[0.5]], "W": [[2]], "b": [[0.1]]}, "inputs": {"x": [[[1]], [[-1]]]},
       "initial": {"h": [[0.25]]}, "upstream": {"h": [null, [[1]]]}, "extra": 1}
      """
    let run = try Run("reference", "nndl-6-3", "--case", scratch.file("case.json", text))
    #expect(run.code == 0)
    #expect(run.error.contains("extra"))
    let json = try #require(try run.json() as? [String: Any])
    let outputs = try #require(json["outputs"] as? [String: [[[Double]]]])
    let first = 0.25 + tanh(0.5 * 0.25 + 2 + 0.1)
    #expect(abs(outputs["h"]![0][0][0] - first) < 1e-15)
  }

  /// What help shows as a case is one.
  @Test func theCaseInHelp() throws {
    let lines = try Run("help", "reference").output.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.drop { !$0.contains("{\"parameters\"") }.prefix { !$0.isEmpty }.joined(separator: "\n")
    let run = try Run("reference", "rnn-step", "--case", "-", input: text)
    #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
    let values = try #require(run.json() as? [String: [String: Any]])
    #expect((values["outputs"]?["h"] as? [Any])?.count == 2)
  }

  @Test func aWrongShapeIsNamed() throws {
    let text =
      #"{"parameters": {"U": [[1, 2]], "W": [[2]], "b": [[0]]}, "inputs": {"x": [[[1]]]}, "initial": {"h": [[0]]}}"#
    let run = try Run("reference", "nndl-6-3", "--case", "-", input: text)
    #expect(run.code == 2)
    #expect(run.error.contains("parameters."))
  }

  @Test(arguments: ["", "{", "[]", "{\"parameters\": 3}", "{\"parameters\": {\"U\": [[1e999]]}}", "nul"])
  func whatIsNoCaseIsRefused(_ text: String) throws {
    let run = try Run("reference", "nndl-6-3", "--case", "-", input: text)
    #expect(run.code == 2)
    #expect(run.error.hasPrefix("unroll: standard input: "), "\(run.error)")
  }
}

@Suite struct StartTests {
  @Test func startsAndNeverOverwrites() throws {
    let scratch = try Scratch()
    let folder = scratch.url.appending(path: "mine")
    #expect(try Run("start", "nndl-6-4", "--into", folder.path).code == 0)
    let cell = folder.appending(path: "Cell.swift")
    #expect(try String(contentsOf: cell, encoding: .utf8).contains("struct LSTM"))
    try Data("// mine".utf8).write(to: cell)
    let again = try Run("start", "nndl-6-4", "--into", folder.path)
    #expect(again.code == 0 && again.error.contains("left as they are"))
    #expect(try String(contentsOf: cell, encoding: .utf8) == "// mine")
  }
}

@Suite(.tier(.test), .timed) struct GradeCommandTests {
  @Test func fullMarksEndWithZeroAndLessWithOne() throws {
    let right = try Run("grade", "rnn-step", "solutions/rnn-step", "--seed", "5", "--format", "json")
    #expect(right.code == 0, "\(right.error)")
    let json = try #require(try right.json() as? [String: Any])
    #expect(json["exercise"] as? String == "rnn-step" && json["seed"] as? Int == 5)
    #expect(json["score"] as? Double == 100 && json["maxScore"] as? Double == 100)
    let checks = try #require(json["checks"] as? [[String: Any]])
    #expect(checks.map { $0["id"] as? String }.contains("backward.Wx"))
    let scratch = try Scratch()
    #expect(try Run("start", "rnn-step", "--into", scratch.url.path).code == 0)
    let starter = try Run("grade", "rnn-step", scratch.url.path, "--language", "zh")
    #expect(starter.code == 1)
    #expect(starter.output.contains("还没有写"))
  }
}

@Suite(.tier(.test), .timed) struct DefaultTests {
  /// Also for a program that was built in a checkout and is called from elsewhere.
  @Test func whatIsGradedNeedNotBeNamed() throws {
    let scratch = try Scratch()
    _ = try scratch.file("rnn-bptt/derivation.md", "$$\\frac{\\partial L}{\\partial b} = 0$$")
    let inside = scratch.url.appending(path: "rnn-bptt")
    let runs = try [
      Run(list: ["grade", "rnn-bptt"], in: scratch.url), Run(list: ["grade", "rnn-bptt"], in: inside),
      Run(list: ["grade"], in: inside),
    ]
    for run in runs { #expect(run.code == 1 && run.output.contains("rnn-bptt") && run.error.isEmpty, "\(run.error)") }
  }

  @Test func theLocaleChoosesTheLanguage() throws {
    for (variables, isChinese) in [
      (["LC_ALL": "zh_CN.UTF-8"], true), (["LC_ALL": "", "LANG": "zh_TW"], true),
      (["LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"], false), (["LC_ALL": "de_DE.UTF-8"], false),
    ] {
      let run = try Run(list: ["list"], environment: variables)
      #expect(run.output.contains("分值") == isChinese && run.code == 0, "\(variables)")
    }
    let asked = try Run(list: ["list", "--language", "en"], environment: ["LC_ALL": "zh_CN.UTF-8"])
    #expect(asked.output.contains("POINTS"))
  }
}

@Suite(.tier(.test), .timed) struct ProgressTests {
  @Test func bestGradesAreKeptWhereStartMadeTheFolder() throws {
    let scratch = try Scratch()
    let home = scratch.url
    let derivation = home.appending(path: "rnn-bptt/derivation.md")
    let best = home.appending(path: "rnn-bptt/.unroll/best")
    #expect(try Run(list: ["next"], in: home).output.contains("begin with unroll start rnn-step"))
    #expect(try Run(list: ["start", "rnn-bptt"], in: home).code == 0)
    try Data("$$\\frac{\\partial L}{\\partial b} = 0$$".utf8).write(to: derivation)
    let wrong = try Run(list: ["grade", "rnn-bptt"], in: home)
    #expect(wrong.code == 1 && !wrong.output.contains(".unroll") && wrong.error.isEmpty)
    #expect(try Run(list: ["next"], in: home).output.contains("Go on with rnn-bptt"))
    try FileManager.default.removeItem(at: derivation)
    try FileManager.default.copyItem(
      at: Repository.root.appending(path: "solutions/rnn-bptt/derivation.md"), to: derivation)
    let right = try Run(list: ["grade"], in: home.appending(path: "rnn-bptt"))
    #expect(right.code == 0 && right.error.contains("Next: rnn-step"), "\(right.error)")
    try Data("nothing".utf8).write(to: derivation)
    #expect(try Run(list: ["grade", "rnn-bptt"], in: home).code == 1)
    // The best one stays.
    #expect(try Run(list: ["list"], in: home).output.contains("✓ 100 / 100 in rnn-bptt"))
    #expect(try Run(list: ["list", "--format", "json"], in: home).output.contains("\"best\": 100.0"))
    #expect(try String(contentsOf: best, encoding: .utf8).contains("rnn-bptt 100.0 100.0\n"))
    // Somebody else's folder stays as it is, and so does one whose notes are damaged.
    let other = try scratch.file("other/derivation.md", "$$h_t = h_t$$")
    #expect(try Run(list: ["grade", "rnn-bptt", "other"], in: home).code == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: URL(filePath: other).deletingLastPathComponent().path).count
        == 1)
    try Data([0xFF, 0x20, 0x0A, 0x61]).write(to: best)
    #expect(try Run(list: ["list"], in: home).code == 0)
  }
}

@Suite(.tier(.test), .timed) struct PlotTests {
  @Test func theTableIsTidy() throws {
    let run = try Run("plot", "nndl-6-4", "rnn-step", "--steps", "5", "--seeds", "3", "--hidden", "4")
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\r\n")
    #expect(
      lines.first
        == "cell,variant,quantity,hidden,steps,batch,seeds,step,lag,norm_median,norm_q10,norm_q90,relative_median,relative_q10,relative_q90,predicted_relative"
    )
    #expect(lines.count == 1 + 6 * 3)
    let last = try #require(lines.first { $0.hasPrefix("LSTM,uniform,h,4,5,8,3,5,0,") })
    #expect(last.split(separator: ",", omittingEmptySubsequences: false)[12] == "1.0")
  }

  @Test func aSubmissionsCurveIsThatOfItsCell() throws {
    let run = try Run(
      "plot", "nndl-6-4", "--submission", "solutions/nndl-6-4", "--steps", "6", "--seeds", "2", "--quantity", "c")
    #expect(run.code == 0, "\(run.error)")
    let rows = run.output.split(separator: "\r\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let reference = rows.filter { $0[0] == "LSTM" }.map { Double($0[9])! }
    let own = rows.filter { $0[0] != "LSTM" }.map { Double($0[9])! }
    #expect(reference.count == 7 && own.count == 7)
    for (left, right) in zip(reference, own) { #expect(abs(left - right) <= 1e-9 * abs(left)) }
  }

  @Test func savedCasesGiveTheSameNorms() throws {
    let scratch = try Scratch()
    let run = try Run(
      "plot", "nndl-6-3", "--steps", "4", "--seeds", "1", "--save-cases", scratch.url.path, "--quantity", "h")
    let first = try #require(run.output.split(separator: "\r\n").dropFirst().first).split(
      separator: ",", omittingEmptySubsequences: false)
    let saved = try #require(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).first)
    let again = try Run("reference", "nndl-6-3", "--case", scratch.url.appending(path: saved).path)
    let gradients = try #require((try again.json() as? [String: Any])?["gradients"] as? [String: Any])
    let initial = try #require(gradients["h"] as? [[Double]])
    let norm = initial.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(norm - Double(first[9])!) < 1e-12 * norm)
  }

  @Test func anExistingFileOfSomebodysIsNotOverwritten() throws {
    let scratch = try Scratch()
    let notes = try scratch.file("notes.csv", "my own notes")
    let run = try Run("plot", "rnn-step", "--steps", "2", "--seeds", "1", "--output", notes)
    #expect(run.code == 2)
    #expect(try String(contentsOfFile: notes, encoding: .utf8) == "my own notes")
    let table = scratch.url.appending(path: "flow.csv").path
    for _ in 0..<2 { #expect(try Run("plot", "rnn-step", "--steps", "2", "--seeds", "1", "--output", table).code == 0) }
  }
}
