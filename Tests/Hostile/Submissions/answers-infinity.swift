// base: right
// expect: failed 0
import CellKit
extension Attack {
  static func turned(_ h: Matrix) -> Matrix { h.map { $0 < 0 ? -.infinity : .infinity } }
  static func turned(_ g: Gradients) -> Gradients {
    var g = g; for path in blocks { g[keyPath: path] = g[keyPath: path].map { _ in .infinity } }; return g
  }
}
let blocks: [WritableKeyPath<Gradients, Matrix>] = [\.x, \.previous.h, \.Wx, \.Wh, \.b]
