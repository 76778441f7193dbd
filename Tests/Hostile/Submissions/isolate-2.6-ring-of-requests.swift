// base: wrong
// expect: failed 0
// never: RING
import Glibc
extension Attack {
  static func before() {
    let parameters = Int(bitPattern: calloc(1, 512))
    for entries in [1, 8, 4096] where call(425, 425, entries, parameters) >= 0 { print("RING") }
    if call(426, 426, 0, 1, 0, 0, 0, 0) >= 0 || call(427, 427, 0, 0, 0, 0) >= 0 { print("RING") }
  }
}
