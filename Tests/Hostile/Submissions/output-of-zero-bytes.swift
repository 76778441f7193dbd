// base: right
// expect: passed 100
extension Attack {
  static func before() { send(String(repeating: "\0", count: 1000), to: 1) }
}
