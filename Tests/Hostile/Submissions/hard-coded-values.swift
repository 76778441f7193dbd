// base: wrong
// expect: failed 0
import CellKit
extension Attack {
  static func turned(_ h: Matrix) -> Matrix { h.map { _ in 0.7615941559557649 } }
}
