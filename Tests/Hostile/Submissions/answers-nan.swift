// base: right
// expect: failed 0
import CellKit
extension Attack {
  static func turned(_ h: Matrix) -> Matrix { h * Double.nan }
  static func turned(_ g: Gradients) -> Gradients {
    var g = g; for path in blocks { g[keyPath: path] = g[keyPath: path] * Double.nan }; return g
  }
}
let blocks: [WritableKeyPath<Gradients, Matrix>] = [\.x, \.previous.h, \.Wx, \.Wh, \.b]
