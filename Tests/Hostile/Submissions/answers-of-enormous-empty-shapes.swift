// A matrix of four thousand million columns and no row takes no memory, and is no answer.
// base: right
// expect: failed 0
import CellKit
extension Attack {
  static func turned(_ h: Matrix) -> Matrix { Matrix(rows: 0, columns: 4_294_967_295, repeating: 0) }
  static func turned(_ g: Gradients) -> Gradients {
    var g = g
    g.x = Matrix(rows: 4_294_967_295, columns: 0, repeating: 0)
    g.previous.h = g.x
    g.Wx = g.x
    g.Wh = g.x
    g.b = g.x
    return g
  }
}
