// Processor time of checking a derivation of sixty lines: the model derivation of the LSTM, its lines repeated.

import Derivation
import Diagnostics
import Foundation
import Glibc
import Recurrence
import Sheets

let root = URL(filePath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "../..")
let sheet = try Sheet(path: root.appending(path: "exercises/nndl-6-4/sheet.md").path)
let model = try String(contentsOf: root.appending(path: "solutions/nndl-6-4/derivation.md"), encoding: .utf8)
guard let cell = sheet.cell, let task = sheet.tasks.first(where: { $0.kind == .derivation }) else {
  fatalError("nndl-6-4 has no derivation task")
}

/// The rows of the model's math blocks, again and again until there are sixty.
func sixtyLines() -> String {
  var rows: [Substring] = []
  var isMath = false
  for line in model.split(separator: "\n", omittingEmptySubsequences: false) {
    if line.hasPrefix("```") { isMath = line.hasPrefix("```math") } else if isMath, !line.isEmpty { rows.append(line) }
  }
  var chosen: [Substring] = []
  // Definitions stand once; claims may stand again.
  let claims = rows.filter { !$0.contains(":=") }
  chosen = rows
  while chosen.count < 60 { chosen += claims.prefix(60 - chosen.count) }
  return chosen.prefix(60).map { "```math\n\($0)\n```\n" }.joined(separator: "\n")
}

let text = SourceText(name: "sixty.md", text: sixtyLines())
let checker = try DerivationChecker(cell: cell, goals: task.goals, given: task.given)

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

var times: [Double] = []
for seed in UInt64(1)...15 {
  let start = processorSeconds()
  let report = checker.check(text, seed: seed)
  times.append(processorSeconds() - start)
  let links = report.chains.flatMap(\.links)
  let good = links.filter { $0.verdict == .holds || $0.verdict == .definition }.count
  if seed == 1 { print("\(report.chains.count) lines, \(links.count) links, \(good) hold or define") }
}
times.sort()
print(
  "processor time: median \(Int(times[times.count / 2] * 1000)) ms, fastest \(Int(times[0] * 1000)) ms, "
    + "slowest \(Int(times[times.count - 1] * 1000)) ms of \(times.count) runs; the aim is 100 ms")
