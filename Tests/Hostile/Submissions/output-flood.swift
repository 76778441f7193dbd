// base: right
// expect: outputFlood 0
extension Attack {
  static func before() {
    while true { print(String(repeating: "all work and no play makes a dull cell\n", count: 1000)) }
  }
}
