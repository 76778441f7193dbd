// base: wrong
// expect: failed 0
// never: SHARED
import Glibc
extension Attack {
  // A user or a group that other programs of the machine are too.
  static func before() {
    var groups = [gid_t](repeating: 0, count: 64)
    let count = getgroups(64, &groups)
    if [0, 65_534].contains(getuid()) || [0, 65_534].contains(getgid()) || geteuid() != getuid() {
      print("SHARED user")
    }
    for group in groups.prefix(max(0, Int(count))) where group == 0 { print("SHARED group of root") }
  }
}
