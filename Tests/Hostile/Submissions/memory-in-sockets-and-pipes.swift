// base: right
// expect: passed 100
import Glibc
extension Attack {
  static func before() {
    let block = [UInt8](repeating: 1, count: 1 << 16)
    while true {
      var ends: [Int32] = [0, 0]
      guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return }
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        while write(end, block, block.count) > 0 {}
      }
    }
  }
}
