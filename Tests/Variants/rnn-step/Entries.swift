// One loop over samples and units, every gradient added up entry by entry.
struct RNN: Cell {
  struct Cache {
    let x, h, new: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    var new = Matrix.zeros(x.rows, p.b.columns)
    for n in 0..<x.rows {
      for j in 0..<p.b.columns {
        var a = p.b[0, j]
        for k in 0..<x.columns { a += x[n, k] * p.Wx[k, j] }
        for k in 0..<p.Wh.rows { a += previous.h[n, k] * p.Wh[k, j] }
        new[n, j] = tanh(a)
      }
    }
    return (Output(h: new), Cache(x: x, h: previous.h, new: new))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    var g = Gradients()
    (g.x, g.previous.h) = (.zeros(like: cache.x), .zeros(like: cache.h))
    (g.Wx, g.Wh, g.b) = (.zeros(like: p.Wx), .zeros(like: p.Wh), .zeros(like: p.b))
    for n in 0..<cache.x.rows {
      for j in 0..<p.b.columns {
        let h = cache.new[n, j]
        let da = upstream.h[n, j] * (1 - h * h)
        g.b[0, j] += da
        for k in 0..<cache.x.columns {
          g.Wx[k, j] += cache.x[n, k] * da
          g.x[n, k] += da * p.Wx[k, j]
        }
        for k in 0..<p.Wh.rows {
          g.Wh[k, j] += cache.h[n, k] * da
          g.previous.h[n, k] += da * p.Wh[k, j]
        }
      }
    }
    return g
  }
}
