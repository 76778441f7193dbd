// One product: [U, W, b] times the state, the input and a row of ones on top of each other.
struct ResidualRNN: Cell {
  struct Cache {
    let column, slope: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let column = Matrix.stacked(previous.h, x, Matrix(rows: 1, columns: x.columns, repeating: 1))
    let change = tanh(Matrix.beside(p.U, p.W, p.b) * column)
    return (Output(h: previous.h + change), Cache(column: column, slope: 1 - change .* change))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dz = cache.slope .* upstream.h
    let (hidden, last) = (p.U.rows, cache.column.rows - 1)
    let parameters = dz * cache.column.T
    let column = Matrix.beside(p.U, p.W).T * dz
    var g = Gradients()
    g.U = parameters[columns: 0..<hidden]
    g.W = parameters[columns: hidden..<last]
    g.b = parameters[columns: last..<(last + 1)]
    g.previous.h = column[rows: 0..<hidden] + upstream.h
    g.x = column[rows: hidden..<last]
    return g
  }
}
