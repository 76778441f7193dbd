// base: right
// expect: timedOut|outOfMemory 0
extension Attack {
  static func before() {
    var all: [[Double]] = []
    while true { all.append([Double](repeating: 1, count: 1 << 20)) }
  }
}
