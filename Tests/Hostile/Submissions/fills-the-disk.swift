// base: right
// expect: passed 100
// never: WROTE
import Glibc
extension Attack {
  static func before() {
    for folder in ["/tmp", "/", "/dev", "/dev/shm", "/var/tmp", "/proc", "/dev/mqueue", "."] {
      let file = open(folder + "/hostile-unroll", O_CREAT | O_WRONLY, 0o600)
      if file >= 0 { print("WROTE", folder) }
      let unnamed = open(folder, 0o20200000 | O_WRONLY, 0o600)
      if unnamed >= 0 { print("WROTE", folder) }
    }
  }
}
