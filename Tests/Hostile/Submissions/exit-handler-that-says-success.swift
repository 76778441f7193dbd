// base: wrong
// expect: failed 0
import Glibc
extension Attack {
  static func before() { atexit { _exit(0) } }
}
