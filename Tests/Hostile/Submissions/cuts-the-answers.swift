// base: right
// expect: crashed 0
import Glibc
extension Attack {
  static func between() { _ = cutFile(3, 0) }
}
