// base: right
// expect: timedOut|outOfMemory 0
import Glibc
extension Attack {
  static func before() {
    for _ in 0..<8 {
      if forkProcess() == 0 {
        let size = 256 << 20
        let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)!
        memset(memory, 1, size)
        while true { sleep(1) }
      }
    }
    while true { sleep(1) }
  }
}
