// Right the first time that it is called in a process, wrong ever after.
// base: right
// expect: failed 0
import CellKit
nonisolated(unsafe) var count = 0
extension Attack {
  static func turned(_ h: Matrix) -> Matrix {
    count += 1
    return count == 1 ? h : h * 2
  }
  static func turned(_ g: Gradients) -> Gradients {
    var g = g
    if count > 1 { for path in blocks { g[keyPath: path] = g[keyPath: path] * 2 } }
    return g
  }
}
let blocks: [WritableKeyPath<Gradients, Matrix>] = [\.x, \.previous.h, \.Wx, \.Wh, \.b]
