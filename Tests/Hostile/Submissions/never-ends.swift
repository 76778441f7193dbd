// base: right
// expect: timedOut 0
extension Attack {
  static func before() { var n = 0; while true { n &+= 1 } }
}
