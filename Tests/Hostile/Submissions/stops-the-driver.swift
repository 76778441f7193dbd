// base: right
// expect: timedOut 0
import Glibc
extension Attack {
  static func before() { call(234, 131, Int(getppid()), Int(getppid()), Int(SIGSTOP)) }
}
