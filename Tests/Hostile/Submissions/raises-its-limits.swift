// base: wrong
// expect: failed 0
// never: RAISED
import Glibc
extension Attack {
  // Locked memory, message queues, pending signals, and the limits of its parent.
  static func before() {
    for resource in [8, 12, 11] {
      var limits: [UInt] = [0, 0]
      _ = limits.withUnsafeMutableBytes { call(302, 261, 0, resource, 0, Int(bitPattern: $0.baseAddress!)) }
      if limits[1] > 64 { print("RAISED", resource, limits) }
      limits = [1 << 20, 1 << 20]
      if limits.withUnsafeMutableBytes({ call(302, 261, 0, resource, Int(bitPattern: $0.baseAddress!)) }) == 0 {
        print("RAISED", resource)
      }
    }
    var none: [UInt] = [0, 0]
    if none.withUnsafeMutableBytes({ call(302, 261, Int(getppid()), 7, Int(bitPattern: $0.baseAddress!)) }) == 0 {
      print("RAISED its parent's")
    }
  }
}
