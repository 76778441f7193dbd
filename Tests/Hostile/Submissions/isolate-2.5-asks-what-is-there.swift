// base: wrong
// expect: failed 0
// never: THERE
import Glibc
extension Attack {
  // Whether a folder of the host exists shows in the kind of the error.
  static func before() {
    let paths = [
      "/root", "/root/.ssh", "/home", "/var/cache/unroll", "/tmp", "/run/unroll", "/run/lock", "/etc/shadow",
      "/etc/passwd",
      "/usr/bin/sh", "/usr/share", "/usr/lib/gcc", "/usr/include", "/opt", "/srv", "/boot", "/proc/1/root/etc", "/sys",
    ]
    for path in paths where access(path, F_OK) == 0 || (errno != ENOENT && !path.hasPrefix("/proc")) {
      print("THERE", path)
    }
  }
}
