// base: wrong
// expect: crashed 0
import Glibc
extension Attack { static func before() { exit(0) } }
