// base: wrong
// expect: failed 0
// never: TRACED
import Glibc
extension Attack {
  static func before() {
    if call(101, 117, 16, Int(getppid()), 0, 0) == 0 || call(101, 117, 16, 1, 0, 0) == 0 { print("TRACED") }
    if call(272, 97, 0x1000_0000, 0, 0, 0) == 0 || call(165, 40, 0, 0, 0, 0) == 0 { print("TRACED") }
    // Asks the kernel for the mounts by a call that is younger than most lists of calls.
    if call(458, 458, 0, 0, 0, 0) != -1 || errno != ENOSYS { print("TRACED") }
  }
}
