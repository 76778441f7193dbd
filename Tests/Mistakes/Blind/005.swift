import CellKit

struct RNN: Cell {
  struct Cache { var x, h, out: Matrix }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    var out = Matrix.zeros(x.rows, p.Wh.columns)
    for n in 0..<x.rows {
      for j in 0..<p.Wh.columns {
        var sum = p.b[0, j]
        for d in 0..<x.columns { sum += x[n, d] * p.Wx[d, j] }
        for k in 0..<p.Wh.rows { sum += previous.h[n, k] * p.Wh[k, j] }
        out[n, j] = tanh(sum)
      }
    }
    return (Output(h: out), Cache(x: x, h: previous.h, out: out))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let N = cache.x.rows
    let D = cache.x.columns
    let H = cache.h.columns
    var dx = Matrix.zeros(N, D)
    var dh = Matrix.zeros(N, H)
    var dWx = Matrix.zeros(D, H)
    var dWh = Matrix.zeros(H, H)
    var db = Matrix.zeros(1, H)
    for n in 0..<N {
      for j in 0..<H {
        let y = cache.out[n, j]
        let da = upstream.h[n, j] * (1 - y * y)
        for d in 0..<D {
          dx[n, d] += da * p.Wx[d, j]
          dWx[d, j] += da * cache.x[n, d]
        }
        for k in 0..<H {
          dh[n, k] += da * p.Wh[j, k]
          dWh[k, j] += da * cache.h[n, k]
        }
        db[0, j] += da
      }
    }
    var g = Gradients()
    g.x = dx
    g.previous.h = dh
    g.Wx = dWx
    g.Wh = dWh
    g.b = db
    return g
  }
}
