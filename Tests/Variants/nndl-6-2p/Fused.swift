// All gates by one matrix with the biases as a last column.
struct LSTM: Cell {
  struct Cache {
    let x, h, cPrevious: Matrix
    let column, f, i, candidate, o, tanhC, y: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let column = Matrix.stacked(previous.h, x, Matrix(rows: 1, columns: x.columns, repeating: 1))
    let weights = Matrix.stacked(
      Matrix.beside(p.Wf, p.bf), Matrix.beside(p.Wi, p.bi), Matrix.beside(p.Wo, p.bo), Matrix.beside(p.Wc, p.bc))
    let hidden = previous.h.rows
    let a = weights * column
    let gates = sigmoid(a[rows: 0..<(3 * hidden)]).splitRows(3)
    let candidate = tanh(a[rows: (3 * hidden)..<(4 * hidden)])
    let c = gates[0] .* previous.c + gates[1] .* candidate
    let tanhC = tanh(c)
    let h = gates[2] .* tanhC
    let scores = p.Wy * h + p.by
    let y = exp(scores - log(exp(scores).sumOverRows()))
    let cache = Cache(
      x: x, h: previous.h, cPrevious: previous.c, column: column, f: gates[0], i: gates[1], candidate: candidate,
      o: gates[2], tanhC: tanhC, y: y)
    return (Output(h: h, c: c, y: y), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (f, i, candidate, o, tanhC) = (cache.f, cache.i, cache.candidate, cache.o, cache.tanhC)
    var dy = upstream.y .* cache.y
    dy -= cache.y .* dy.sumOverRows()
    let dh = upstream.h + p.Wy.T * dy
    let dc = upstream.c + dh .* o .* (1 - tanhC) .* (1 + tanhC)
    let gates = Matrix.stacked(cache.cPrevious .* dc, candidate .* dc, tanhC .* dh)
    let values = Matrix.stacked(f, i, o)
    let da = Matrix.stacked(gates .* values .* (1 - values), i .* dc .* (1 - candidate .* candidate))
    let all = (da * cache.column.T).splitRows(4)
    let dv = Matrix.stacked(p.Wf, p.Wi, p.Wo, p.Wc).T * da
    let (hidden, last) = (f.rows, dv.rows)
    var g = Gradients()
    g.previous.h = dv[rows: 0..<hidden]
    g.x = dv[rows: hidden..<last]
    g.previous.c = dc .* f
    (g.Wf, g.bf) = (all[0][columns: 0..<last], all[0][columns: last..<(last + 1)])
    (g.Wi, g.bi) = (all[1][columns: 0..<last], all[1][columns: last..<(last + 1)])
    (g.Wo, g.bo) = (all[2][columns: 0..<last], all[2][columns: last..<(last + 1)])
    (g.Wc, g.bc) = (all[3][columns: 0..<last], all[3][columns: last..<(last + 1)])
    g.Wy = dy * (o .* tanhC).T
    g.by = dy.sumOverColumns()
    return g
  }
}
