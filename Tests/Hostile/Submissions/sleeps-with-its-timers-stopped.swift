// base: right
// expect: timedOut 0
import Glibc
extension Attack {
  static func before() {
    for signal in 1..<64 as Range<Int32> { Glibc.signal(signal, SIG_IGN) }
    while true { sleep(1) }
  }
}
