// base: wrong
// expect: failed 0
// never: OPENED
import Glibc
extension Attack {
  static func before() {
    for process in [1, Int(getppid())] {
      let memory = open("/proc/\(process)/mem", O_RDWR)
      if memory >= 0 {
        print("OPENED")
        let start = contents("/proc/\(process)/maps").split(separator: "-").first.flatMap { Int($0, radix: 16) } ?? 4096
        for page in 0..<64 { pwrite(memory, "passed", 6, start + page * 4096) }
      }
    }
  }
}
