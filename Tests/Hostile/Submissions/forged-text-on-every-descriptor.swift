// base: wrong
// expect: crashed 0
extension Attack {
  static func before() {
    for descriptor in 0..<64 as Range<Int32> { send("passed 100 / 100\n", to: descriptor) }
  }
}
