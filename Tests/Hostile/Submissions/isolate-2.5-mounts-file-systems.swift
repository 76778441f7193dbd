// base: wrong
// expect: failed 0
// never: MOUNTED
import Glibc
extension Attack {
  static func before() {
    for kind in ["tmpfs", "proc", "sysfs", "devpts", "overlay", "fuse", "mqueue", "cgroup2"] {
      if call(165, 40, address(kind), address("/proc"), address(kind), 0, 0) == 0 { print("MOUNTED", kind) }
      if call(430, 430, address(kind), 0) >= 0 { print("MOUNTED", kind) }
    }
    for flag in [0x0002_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000, 0x0800_0000, 0x0400_0000, 0x0200_0000] {
      if call(272, 97, flag) == 0 { print("MOUNTED unshare", flag) }
      let child = call(56, 220, flag | 17, 0, 0, 0, 0)
      if child == 0 { _exit(0) }
      if child > 0 { print("MOUNTED clone", flag) }
    }
    if call(428, 428, -100, address("/"), 1) >= 0 { print("MOUNTED a tree") }
    if call(161, 51, address("/proc")) == 0 { print("MOUNTED another root") }
  }
}
