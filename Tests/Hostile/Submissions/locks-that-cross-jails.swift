// base: wrong
// expect: failed 0
// never: LOCKED
import Glibc
@_silgen_name("flock") func lockFile(_ descriptor: Int32, _ operation: Int32) -> Int32
extension Attack {
  // A file that every jail and the host read is one file: who locks it tells the others a bit, and keeps the host from it.
  static func before() {
    for path in [
      "/usr/lib/x86_64-linux-gnu/libm.so.6", "/toolchain/lib/swift/linux/libswiftCore.so", "/proc/self/ns/uts",
    ] {
      let descriptor = open(path, O_RDONLY)
      guard descriptor >= 0 else { continue }
      for operation in [1, 2] as [Int32] where lockFile(descriptor, operation | 4) == 0 { print("LOCKED", path) }
      var lock = flock(l_type: Int16(F_RDLCK), l_whence: 0, l_start: 0, l_len: 1, l_pid: 0)
      // F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW.
      for command in [6, 7, 37, 38] {
        if withUnsafeMutablePointer(to: &lock, { call(72, 25, Int(descriptor), command, Int(bitPattern: $0)) }) == 0 {
          print("LOCKED", path, command)
        }
      }
      // F_SETLEASE, F_NOTIFY, F_SET_RW_HINT, F_SETOWN.
      for command in [1024, 1026, 1036, 8] where call(72, 25, Int(descriptor), command, 1) == 0 {
        print("LOCKED", path, command)
      }
      close(descriptor)
    }
  }
}
