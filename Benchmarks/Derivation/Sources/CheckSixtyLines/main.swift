// Processor time of checking a derivation of sixty lines: the model derivation of the LSTM, its lines repeated. The aim is 20 ms.

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

/// The rows of the model's math blocks, each a block of its own, again and again until there are sixty.
func sixtyLines() -> String {
  var rows: [String] = []
  var isMath = false
  for line in model.split(separator: "\n") {
    if line.hasPrefix("```") {
      isMath = line.hasPrefix("```math")
    } else if isMath, !line.hasPrefix("\\begin"), !line.hasPrefix("\\end") {
      let row = String(line).replacing("\\\\", with: "").replacing("&", with: "")
      // A row without a relation goes on with the one above it.
      if row.contains("=") { rows.append(row) } else { rows[rows.count - 1] += row }
    }
  }
  // Definitions stand once; claims may stand again.
  let claims = rows.filter { !$0.contains(":=") }
  while rows.count < 60 { rows += claims.prefix(60 - rows.count) }
  return rows.map { "```math\n\($0)\n```\n" }.joined(separator: "\n")
}

let text = SourceText(name: "sixty.md", text: sixtyLines())
let checker = try DerivationChecker(cell: cell, goals: task.goals, given: task.given)

func processorSeconds(_ work: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let start = now()
  work()
  return now() - start
}

/// The same work each time, which shows how busy the machine is: small arrays made and summed.
func reference() {
  var sum = 0
  for number in 0..<100_000 { sum &+= [number, number &+ sum, 3].map { $0 &* 31 }.count &+ "\(number)".utf8.count }
  precondition(sum > 0)
}

let links = checker.check(text, seed: 1).chains.flatMap(\.links)
let good = links.filter { $0.verdict == .holds || $0.verdict == .definition }.count
guard good == links.count else { fatalError("\(links.count - good) of \(links.count) links of the model do not hold") }
var times: [Double] = []
var references: [Double] = []
for seed in UInt64(1)...31 {
  references.append(processorSeconds(reference))
  times.append(processorSeconds { _ = checker.check(text, seed: seed) })
}
func told(_ times: [Double]) -> String {
  let sorted = times.sorted().map { String(format: "%.1f", $0 * 1000) }
  return "fastest \(sorted[0]) ms, median \(sorted[sorted.count / 2]) ms"
}
print("60 lines, \(links.count) links, all hold or define; processor time of \(times.count) runs: \(told(times))")
print("the same work each time beside it: \(told(references))")
