// Both gates by one product on the state above the input; the candidate by another.
struct GRU: Cell {
  struct Cache {
    let column, candidateColumn, gates, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let column = Matrix.stacked(previous.h, x)
    let weights = Matrix.stacked(Matrix.beside(p.Uz, p.Wz), Matrix.beside(p.Ur, p.Wr))
    let gates = sigmoid(weights * column + Matrix.stacked(p.bz, p.br))
    let (z, r) = (gates.splitRows(2)[0], gates.splitRows(2)[1])
    let candidateColumn = Matrix.stacked(r .* previous.h, x)
    let candidate = tanh(Matrix.beside(p.Uh, p.Wh) * candidateColumn + p.bh)
    let h = candidate + z .* (previous.h - candidate)
    return (
      Output(h: h), Cache(column: column, candidateColumn: candidateColumn, gates: gates, candidate: candidate)
    )
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let hidden = cache.candidate.rows
    let all = cache.column.rows
    let h = cache.column[rows: 0..<hidden]
    let (z, r) = (cache.gates.splitRows(2)[0], cache.gates.splitRows(2)[1])
    let dCandidate = (upstream.h - z .* upstream.h) .* (1 - cache.candidate .* cache.candidate)
    let back = Matrix.beside(p.Uh, p.Wh).T * dCandidate
    let dReset = back[rows: 0..<hidden]
    let gates = Matrix.stacked(upstream.h .* (h - cache.candidate), dReset .* h)
    let da = gates .* cache.gates .* (1 - cache.gates)
    let column = Matrix.stacked(Matrix.beside(p.Uz, p.Wz), Matrix.beside(p.Ur, p.Wr)).T * da
    let weights = (da * cache.column.T).splitRows(2)
    let biases = da.sumOverColumns().splitRows(2)
    let candidate = dCandidate * cache.candidateColumn.T
    var g = Gradients()
    g.x = back[rows: hidden..<all] + column[rows: hidden..<all]
    g.previous.h = column[rows: 0..<hidden] + dReset .* r + upstream.h .* z
    (g.Uz, g.Wz, g.bz) = (weights[0][columns: 0..<hidden], weights[0][columns: hidden..<all], biases[0])
    (g.Ur, g.Wr, g.br) = (weights[1][columns: 0..<hidden], weights[1][columns: hidden..<all], biases[1])
    (g.Uh, g.Wh) = (candidate[columns: 0..<hidden], candidate[columns: hidden..<all])
    g.bh = dCandidate.sumOverColumns()
    return g
  }
}
