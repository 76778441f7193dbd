// base: right
// expect: outputFlood 0
extension Attack {
  static func before() { _ = cutFile(3, 1 << 40) }
}
