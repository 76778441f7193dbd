// base: right
// expect: passed 100
import Glibc
extension Attack {
  static func before() {
    if forkProcess() == 0 {
      for signal in 1..<65 as Range<Int32> { Glibc.signal(signal, SIG_IGN) }
      setsid()
      for descriptor in 0..<64 as Range<Int32> { close(descriptor) }
      while true { sleep(1) }
    }
  }
}
