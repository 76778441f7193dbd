// base: right
// isolation: limits
// expect: passed 100
// never: PLACED
import Glibc
extension Attack {
  // CVE-2024-28189: the grader gives what is in its folder to somebody; a link there would give away what it points to.
  static func before() {
    var folders = ["/tmp"]
    folders += names("/tmp").filter { $0.hasPrefix("unroll-") }.flatMap {
      ["/tmp/\($0)", "/tmp/\($0)/build", "/tmp/\($0)/source"]
    }
    for folder in folders {
      let path = "\(folder)/hostile-unroll"
      if symlink("/etc", path) == 0 || link("/usr/bin/env", path) == 0 || mkdir(path, 0o777) == 0 {
        print("PLACED", path)
      }
      if rename(folder, folder + "-hostile-unroll") == 0 { print("PLACED", folder) }
      if chmod(folder, 0o777) == 0 { print("PLACED", folder) }
    }
  }
}
