// base: wrong
// expect: failed 0
// never: WATCHED
import Glibc
extension Attack {
  static func before() {
    let watch = call(294, 26, 0)
    if watch >= 0 {
      _ = call(254, 27, watch, address("/toolchain/lib/swift/linux/libswiftCore.so"), 0xfff)
      print("WATCHED")
    }
    if call(300, 262, 0, 0) >= 0 { print("WATCHED everything") }
  }
}
