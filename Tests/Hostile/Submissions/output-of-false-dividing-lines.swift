// base: right
// expect: passed 100
extension Attack {
  static func before() {
    send(String(repeating: "\u{1E}\n", count: 50_000), to: 1)
    send("\u{1E}18446744073709551615 99999999999999999999 -1\n", to: 2)
  }
}
