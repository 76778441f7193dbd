// base: wrong
// expect: failed 0
// never: SYNCED
import Glibc
extension Attack {
  // The whole machine waits for these.
  static func before() {
    if call(162, 81) == 0 { print("SYNCED") }
    let descriptor = Int(open("/usr/lib", O_RDONLY))
    if call(306, 267, descriptor) == 0 { print("SYNCED one file system") }
    if call(74, 82, descriptor) == 0 { print("SYNCED a folder") }
  }
}
