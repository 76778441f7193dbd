// base: wrong
// expect: failed 0
// never: WRITABLE
import Glibc

extension Attack {
  // What belongs to the group "root" and may be written by it: devices, settings of the kernel, folders of programs.
  static func before() {
    var folders = [
      "/dev", "/proc/sys/kernel", "/proc/sys/fs", "/proc/sys/vm", "/run", "/var/lock", "/usr/lib", "/sys/kernel",
    ]
    folders += ["/proc/self", "/proc/self/attr", "/toolchain", "/", "/etc", "/lib"]
    for folder in folders {
      for name in names(folder) where open("\(folder)/\(name)", O_WRONLY | O_NONBLOCK) >= 0 {
        print("WRITABLE", folder, name)
      }
      if open("\(folder)/hostile-unroll", O_WRONLY | O_CREAT, 0o600) >= 0 || rename(folder, folder + "x") == 0 {
        print("WRITABLE", folder)
      }
    }
  }
}
