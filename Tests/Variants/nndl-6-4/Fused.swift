// NNDL (6.59): all four pre-activations by one matrix, stacked as c, o, i, f, on the input above the state.
struct LSTM: Cell {
  struct Cache {
    let column, cPrevious: Matrix
    let candidate, o, i, f, tanhC: Matrix
  }

  static func all(_ p: Parameters) -> Matrix {
    Matrix.stacked(
      Matrix.beside(p.Wc, p.Uc), Matrix.beside(p.Wo, p.Uo), Matrix.beside(p.Wi, p.Ui), Matrix.beside(p.Wf, p.Uf))
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let column = Matrix.stacked(x, previous.h)
    let a = (all(p) * column + Matrix.stacked(p.bc, p.bo, p.bi, p.bf)).splitRows(4)
    let (candidate, o, i, f) = (tanh(a[0]), sigmoid(a[1]), sigmoid(a[2]), sigmoid(a[3]))
    let c = i .* candidate + f .* previous.c
    let tanhC = tanh(c)
    let cache = Cache(
      column: column, cPrevious: previous.c, candidate: candidate, o: o, i: i, f: f, tanhC: tanhC)
    return (Output(h: o .* tanhC, c: c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dc = upstream.c + (1 - cache.tanhC .* cache.tanhC) .* (cache.o .* upstream.h)
    let da = Matrix.stacked(
      (1 - cache.candidate .* cache.candidate) .* (cache.i .* dc),
      (cache.o - cache.o .* cache.o) .* (cache.tanhC .* upstream.h),
      (cache.i - cache.i .* cache.i) .* (cache.candidate .* dc),
      (cache.f - cache.f .* cache.f) .* (cache.cPrevious .* dc))
    let column = all(p).T * da
    let parameters = (da * cache.column.T).splitRows(4)
    let biases = da.sumOverColumns().splitRows(4)
    let (inputs, last) = (p.Wf.columns, cache.column.rows)
    var g = Gradients()
    g.x = column[rows: 0..<inputs]
    g.previous.h = column[rows: inputs..<last]
    g.previous.c = cache.f .* dc
    (g.Wc, g.Uc, g.bc) = (parameters[0][columns: 0..<inputs], parameters[0][columns: inputs..<last], biases[0])
    (g.Wo, g.Uo, g.bo) = (parameters[1][columns: 0..<inputs], parameters[1][columns: inputs..<last], biases[1])
    (g.Wi, g.Ui, g.bi) = (parameters[2][columns: 0..<inputs], parameters[2][columns: inputs..<last], biases[2])
    (g.Wf, g.Uf, g.bf) = (parameters[3][columns: 0..<inputs], parameters[3][columns: inputs..<last], biases[3])
    return g
  }
}
