// base: right
// expect: crashed 0
import Glibc
extension Attack {
  static func before() {
    for signal in [SIGKILL, SIGTERM, SIGSTOP] {
      kill(-1, signal)
      kill(0, signal)
      kill(1, signal)
      kill(getppid(), signal)
    }
  }
}
