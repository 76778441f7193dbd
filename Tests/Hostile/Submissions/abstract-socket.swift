// base: wrong
// expect: failed 0
// never: BOUND
import Glibc
extension Attack {
  static func before() {
    var ends: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends)
    var address = sockaddr_un()
    address.sun_family = UInt16(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.baseAddress!.advanced(by: 1).copyMemory(from: "hostile-unroll", byteCount: 14)
    }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(ends[0], $0, 17) }
    }
    if result == 0 { print("BOUND") }
  }
}
