// Looks for the seed where a program gets what it knows, and has an answer ready for some.
// base: wrong
// expect: failed 0
// never: SEED
import CellKit
extension Attack {
  static func before() {
    for text in CommandLine.arguments + [contents("/proc/self/environ"), contents("/proc/1/cmdline")]
    where text.contains("20260121") { print("SEED") }
  }
}
