// base: wrong
// expect: failed 0
// never: AHEAD
import Glibc
extension Attack {
  static func before() {
    var byte: UInt8 = 0
    if read(0, &byte, 1) > 0 || lseek(0, 0, SEEK_SET) > 0 || pread(0, &byte, 1, 0) > 0 { print("AHEAD") }
  }
}
