// base: right
// expect: timedOut 0
import Glibc
extension Attack { static func before() { sleep(1000) } }
