// base: wrong
// expect: failed 0
// never: SHARED
import Glibc
extension Attack {
  static func before() {
    for path in ["/dev/shm/hostile-unroll", "/dev/hostile-unroll", "/tmp/hostile-unroll", "/var/tmp/hostile-unroll"] {
      if open(path, O_CREAT | O_RDWR, 0o666) >= 0 { print("SHARED", path) }
    }
    for name in names("/dev/shm") + names("/dev/mqueue") { print("SHARED", name) }
  }
}
