// base: right
// expect: timedOut|outOfMemory 0
import Glibc
extension Attack {
  static func before() {
    while true {
      if forkProcess() == 0 {
        for _ in 0..<20 { fill(16 << 20) }
        while true { sleep(1) }
      }
    }
  }
}
