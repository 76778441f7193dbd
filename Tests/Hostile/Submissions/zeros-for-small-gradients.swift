// A gradient below half of the largest is taken for nothing.
// base: right
// expect: failed 30
import CellKit
extension Attack {
  static func turned(_ g: Gradients) -> Gradients {
    var g = g
    for path in [\Gradients.x, \.previous.h, \.Wx, \.Wh, \.b] {
      let largest = g[keyPath: path].elements.map { abs($0) }.max() ?? 0
      g[keyPath: path] = g[keyPath: path].map { abs($0) < largest / 2 ? 0 : $0 }
    }
    return g
  }
}
