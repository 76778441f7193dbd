// base: right
// expect: crashed 30
import Glibc
extension Attack { static func after() { exit(0) } }
