// base: right
// expect: passed 100
import Foundation
extension Attack {
  static func before() {
    try? "hostile".write(toFile: "/tmp/hostile-unroll", atomically: true, encoding: .utf8)
    _ = try? String(contentsOfFile: "/etc/passwd", encoding: .utf8)
  }
}
