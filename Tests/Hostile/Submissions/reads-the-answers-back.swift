// base: wrong
// expect: failed 0
// never: BACK
import Glibc
extension Attack {
  static func after() {
    var bytes = [UInt8](repeating: 0, count: 100)
    if pread(3, &bytes, 100, 0) > 0 { print("BACK") }
    // A file that another user owns is not to be opened anew.
    if getuid() == 65534, open("/proc/self/fd/3", O_RDWR) >= 0 { print("BACK") }
  }
}
