// base: wrong
// expect: failed 0
// never: KEPT
import Glibc
extension Attack {
  // A keyring of the user or of the session outlives the run; a virtual machine's socket knows no namespace.
  static func before() {
    for ring in -5...(-1) where call(250, 219, 0, ring, 1) >= 0 { print("KEPT ring", ring) }
    if call(248, 217, address("user"), address("hostile-unroll"), address("x"), 1, -4) >= 0 { print("KEPT key") }
    if call(250, 219, 22, -1, -1) >= 0 { print("KEPT persistent ring") }
    for kind in [1, 2, 5] where call(41, 198, 40, kind, 0) >= 0 { print("KEPT socket", kind) }
  }
}
