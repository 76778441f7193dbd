// base: right
// expect: passed 100
// never: STARTED
import Foundation
extension Attack {
  static func before() {
    for program in ["/bin/sh", "/usr/bin/env", "/toolchain/bin/swift-frontend"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      if (try? process.run()) != nil { print("STARTED", program) }
    }
  }
}
