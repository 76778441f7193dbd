// Sends records for every number before its first call is over.
// base: wrong
// expect: crashed 0
import Glibc
extension Attack {
  static func before() {
    var record: [UInt32] = [0x4C52_4E55, 0, 0, 0, 0, 0, 0, 0]
    for number in 0..<20 as Range<UInt32> {
      record[1] = number
      _ = record.withUnsafeBytes { writeBytes(3, $0.baseAddress!, 32) }
    }
  }
}
