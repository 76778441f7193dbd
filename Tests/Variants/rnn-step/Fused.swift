// One product: [x, h, 1] times the three parameters on top of each other.
struct RNN: Cell {
  struct Cache {
    let row, slope: Matrix
    let inputs: Int
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let row = Matrix.beside(x, previous.h, Matrix(rows: x.rows, columns: 1, repeating: 1))
    let h = tanh(row * Matrix.stacked(p.Wx, p.Wh, p.b))
    return (Output(h: h), Cache(row: row, slope: (1 - h) .* (1 + h), inputs: x.columns))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let da = cache.slope .* upstream.h
    let (d, all) = (cache.inputs, cache.row.columns)
    let parameters = cache.row.T * da
    let row = da * Matrix.stacked(p.Wx, p.Wh).T
    var g = Gradients()
    g.Wx = parameters[rows: 0..<d]
    g.Wh = parameters[rows: d..<(all - 1)]
    g.b = parameters[rows: (all - 1)..<all]
    g.x = row[columns: 0..<d]
    g.previous.h = row[columns: d..<(all - 1)]
    return g
  }
}
