// base: right
// expect: failed 0
import CellKit
nonisolated(unsafe) var sum = 0.0
extension Attack {
  static func turned(_ h: Matrix) -> Matrix { sum += 1e-6; return h + sum }
  static func turned(_ g: Gradients) -> Gradients {
    var g = g; for path in blocks { g[keyPath: path] = g[keyPath: path] + sum }; return g
  }
}
let blocks: [WritableKeyPath<Gradients, Matrix>] = [\.x, \.previous.h, \.Wx, \.Wh, \.b]
