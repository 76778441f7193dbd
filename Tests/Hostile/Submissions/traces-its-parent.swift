// base: wrong
// expect: failed 0
// never: TRACED
import Glibc
@_silgen_name("syscall") func kernel(_ number: Int, _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int
extension Attack {
  static func before() {
    if kernel(101, 16, Int(getppid()), 0, 0) == 0 || kernel(101, 16, 1, 0, 0) == 0 { print("TRACED") }
    if kernel(272, 0x1000_0000, 0, 0, 0) == 0 || kernel(165, 0, 0, 0, 0) == 0 { print("TRACED") }
    // Asks the kernel for the mounts by a call that is younger than most lists of calls.
    if kernel(458, 0, 0, 0, 0) != -1 || errno != ENOSYS { print("TRACED") }
  }
}
