// base: wrong
// isolation: limits
// expect: failed 0
// never: REACHED
import Glibc
extension Attack {
  // CVE-2024-29021: a service of the machine that trusts whoever can reach it, such as the grader's own database.
  static func before() {
    for port in [22, 80, 2375, 5432, 6379, 8080] as [UInt16] {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { continue }
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = port.bigEndian
      place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let result = withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
      }
      if result == 0 || errno == ECONNREFUSED { print("REACHED", port) }
    }
    if socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0 { print("REACHED local sockets") }
  }
}
