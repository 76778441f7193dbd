// base: wrong
// expect: failed 0
// never: CONNECTED
import Glibc
extension Attack {
  static func before() {
    for family in 1..<45 as Range<Int32> {
      for kind in 1...5 as ClosedRange<Int32> where socket(family, kind, 0) >= 0 { print("CONNECTED", family, kind) }
    }
    if !contents("/proc/net/tcp").split(separator: "\n").dropFirst().isEmpty { print("CONNECTED") }
  }
}
