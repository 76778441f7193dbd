// base: right
// expect: passed 100
import Glibc
extension Attack {
  static func before() {
    if forkProcess() == 0 {
      setsid()
      if forkProcess() == 0 { while true { sleep(1) } }
      _exit(0)
    }
  }
}
