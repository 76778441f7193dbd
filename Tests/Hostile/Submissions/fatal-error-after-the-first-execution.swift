// base: right
// expect: crashed 0
import CellKit
nonisolated(unsafe) var executions = 0
extension Attack {
  static func before() {
    executions += 1
    if executions > 1 { fatalError("the second time") }
  }
}
