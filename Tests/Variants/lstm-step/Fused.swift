// One product for all parameters, σ of all four quarters by one tanh: σ(a) = (1 + tanh(a/2))/2.
struct LSTM: Cell {
  struct Cache {
    let row, cPrevious, i, f, o, g, tanhC: Matrix
    let inputs: Int
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let row = Matrix.beside(previous.h, x, Matrix(rows: x.rows, columns: 1, repeating: 1))
    var a = row * Matrix.stacked(p.Wh, p.Wx, p.b)
    let width = previous.h.columns
    a[columns: 0..<(3 * width)] = 0.5 * a[columns: 0..<(3 * width)]
    let t = tanh(a).splitColumns(4)
    let (i, f, o, g) = (0.5 * (1 + t[0]), 0.5 * (1 + t[1]), 0.5 * (1 + t[2]), t[3])
    let c = i .* g + f .* previous.c
    let tanhC = tanh(c)
    let cache = Cache(row: row, cPrevious: previous.c, i: i, f: f, o: o, g: g, tanhC: tanhC, inputs: x.columns)
    return (Output(h: tanhC .* o, c: c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (i, f, o, g) = (cache.i, cache.f, cache.o, cache.g)
    let h = o .* cache.tanhC
    let dc = upstream.c + upstream.h .* (o - h .* cache.tanhC)
    let slopes = Matrix.beside(i - i .* i, f - f .* f, o - o .* o, 1 - g .* g)
    let da = slopes .* Matrix.beside(g .* dc, cache.cPrevious .* dc, cache.tanhC .* upstream.h, i .* dc)
    let all = cache.row.T * da
    let (hidden, last) = (i.columns, all.rows - 1)
    let row = da * Matrix.stacked(p.Wh, p.Wx).T
    var result = Gradients()
    result.Wh = all[rows: 0..<hidden]
    result.Wx = all[rows: hidden..<last]
    result.b = all[rows: last..<(last + 1)]
    result.previous.h = row[columns: 0..<hidden]
    result.x = row[columns: hidden..<last]
    result.previous.c = f .* dc
    return result
  }
}
