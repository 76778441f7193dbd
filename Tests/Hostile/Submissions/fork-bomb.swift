// base: right
// expect: timedOut 0
extension Attack {
  static func before() { while true { _ = forkProcess() } }
}
