// base: wrong
// isolation: limits
// expect: failed 0
// never: REPLACED
import Glibc
extension Attack {
  static func before() {
    var own = [CChar](repeating: 0, count: 4096)
    guard readlink("/proc/self/exe", &own, 4095) > 0 else { return }
    for folder in ["/tmp", "/var/tmp", String(cString: own).split(separator: "/").first.map { "/\($0)" } ?? "/tmp"] {
      for name in names(folder) where name.hasPrefix("unroll-") {
        let program = "\(folder)/\(name)/build/program"
        let part = "\(folder)/\(name)/build/part"
        if open(part, O_WRONLY | O_CREAT | O_TRUNC, 0o755) >= 0 { print("REPLACED", part) }
        if open(program, O_WRONLY) >= 0 || unlink(program) == 0 || link(String(cString: own), part) == 0 {
          print("REPLACED", program)
        }
      }
    }
  }
}
