// base: right
// expect: timedOut 0
import Glibc
extension Attack {
  static func before() {
    var none = itimerval()
    for timer in 0...2 as ClosedRange<Int32> { setitimer(unsafeBitCast(timer, to: __itimer_which_t.self), &none, nil) }
    for signal in 1..<64 as Range<Int32> { Glibc.signal(signal, SIG_IGN) }
    var n = 0
    while true { n &+= 1 }
  }
}
