// The filter lets nobody send a signal by number, not even to itself.
// base: right
// expect: passed 100
import Glibc
extension Attack { static func before() { kill(getpid(), SIGKILL) } }
