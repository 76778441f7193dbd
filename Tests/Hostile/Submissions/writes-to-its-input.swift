// base: right
// expect: passed 100
// never: WRITTEN
import Glibc

nonisolated(unsafe) var seen: [String] = []

// The driver closes its input before a call is made: this comes before the driver.
@section(".init_array") @used let first: @convention(c) () -> Void = {
  var byte: UInt8 = 88
  if fcntl(0, F_GETFL) & O_ACCMODE != O_RDONLY { seen.append("open for writing") }
  if pwrite(0, &byte, 1, 15_000_000) > 0 { seen.append("grown") }
  if pwrite(0, &byte, 1, 0) > 0 { seen.append("changed") }
  if cutFile(0, 0) == 0 { seen.append("cut") }
  let again = open("/proc/self/fd/0", O_RDWR)
  if again >= 0 { seen.append("opened again") }
}
extension Attack { static func before() { for what in seen { print("WRITTEN", what) } } }
