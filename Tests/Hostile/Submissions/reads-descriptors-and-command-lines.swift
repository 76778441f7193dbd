// base: wrong
// expect: failed 0
extension Attack {
  static func before() {
    for name in names("/proc") where name.first!.isNumber {
      print(name, contents("/proc/\(name)/cmdline"), contents("/proc/\(name)/environ"), names("/proc/\(name)/fd"))
    }
  }
}
