// base: right
// expect: crashed 0
// says: Aborted
import Glibc
extension Attack { static func before() { abort() } }
