// base: right
// expect: timedOut|outOfMemory 0
extension Attack {
  static func before() { while true { fill(16 << 20) } }
}
