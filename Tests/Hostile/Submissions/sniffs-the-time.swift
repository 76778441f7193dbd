// Behaves while somebody watches: wrong whenever the clock shows an odd nanosecond count.
// base: wrong
// expect: failed 0
import CellKit
import Glibc
extension Attack {
  static func turned(_ h: Matrix) -> Matrix {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return h + Double(now.tv_nsec)
  }
}
