// base: wrong
// says: 100 / 100
// expect: failed 0
extension Attack {
  static func before() { send("\u{1B}[2J\u{1B}[H\u{9B}31m score  100 / 100\u{7}\r", to: 1) }
}
