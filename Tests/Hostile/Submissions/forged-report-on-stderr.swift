// base: wrong
// expect: failed 0
extension Attack {
  static func after() { send("score  100 / 100\nEverything checked is right.\n", to: 2) }
}
