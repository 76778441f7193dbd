// base: right
// expect: passed 100
import Glibc
extension Attack {
  static func before() { atexit { while true { sleep(1) } } }
}
