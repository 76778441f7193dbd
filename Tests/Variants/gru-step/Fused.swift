// Both gates by one product, the biases as a last column of the matrices.
struct GRU: Cell {
  struct Cache {
    let v, q, gates, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let ones = Matrix(rows: 1, columns: x.columns, repeating: 1)
    let v = Matrix.stacked(previous.c, x, ones)
    let gates = sigmoid(Matrix.stacked(Matrix.beside(p.Wu, p.bu), Matrix.beside(p.Wr, p.br)) * v)
    let parts = gates.splitRows(2)
    let q = Matrix.stacked(parts[1] .* previous.c, x, ones)
    let candidate = tanh(Matrix.beside(p.Wc, p.bc) * q)
    let c = previous.c + parts[0] .* (candidate - previous.c)
    return (Output(c: c), Cache(v: v, q: q, gates: gates, candidate: candidate))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (hidden, last) = (cache.candidate.rows, cache.v.rows - 1)
    let c = cache.v[rows: 0..<hidden]
    let parts = cache.gates.splitRows(2)
    let dCandidate = upstream.c .* parts[0] .* (1 + cache.candidate) .* (1 - cache.candidate)
    let dq = p.Wc.T * dCandidate
    let dReset = dq[rows: 0..<hidden]
    let da =
      Matrix.stacked(upstream.c .* (cache.candidate - c), dReset .* c) .* (cache.gates - cache.gates .* cache.gates)
    let dv = Matrix.stacked(p.Wu, p.Wr).T * da
    let gates = (da * cache.v.T).splitRows(2)
    let candidate = dCandidate * cache.q.T
    var g = Gradients()
    g.x = (dq + dv)[rows: hidden..<last]
    g.previous.c = upstream.c - upstream.c .* parts[0] + parts[1] .* dReset + dv[rows: 0..<hidden]
    (g.Wu, g.bu) = (gates[0][columns: 0..<last], gates[0][columns: last..<(last + 1)])
    (g.Wr, g.br) = (gates[1][columns: 0..<last], gates[1][columns: last..<(last + 1)])
    (g.Wc, g.bc) = (candidate[columns: 0..<last], candidate[columns: last..<(last + 1)])
    return g
  }
}
