// base: right
// expect: failed 0
import CellKit
extension Attack {
  static func turned(_ h: Matrix) -> Matrix { h.T }
  static func turned(_ g: Gradients) -> Gradients {
    var g = g
    g.x = Matrix(rows: 0, columns: 3, repeating: 0)
    g.previous.h = Matrix(rows: 1, columns: 1, repeating: 0)
    (g.Wx, g.Wh) = (Matrix(rows: 100, columns: 100, repeating: 0), g.Wx)
    g.b = Matrix(rows: 1000, columns: 0, repeating: 0)
    return g
  }
}
