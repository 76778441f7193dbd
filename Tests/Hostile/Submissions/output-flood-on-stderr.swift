// base: right
// expect: outputFlood 0
extension Attack {
  static func before() { while true { send(String(repeating: "all work and no play\n", count: 1000), to: 2) } }
}
