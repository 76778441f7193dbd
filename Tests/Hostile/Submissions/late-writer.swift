// A process that stays behind spoils the answers of the calls after it.
// base: right
// expect: crashed 0
import Glibc
extension Attack {
  static func before() {
    if forkProcess() == 0 {
      setsid()
      while true {
        send("late", to: 3)
        usleep(1000)
      }
    }
    usleep(50_000)
  }
}
