// The gradients come from a record of the operations.
struct RNN: Cell {
  struct Cache {
    let x, h: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    (Output(h: tanh(x * p.Wx + previous.h * p.Wh + p.b)), Cache(x: x, h: previous.h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let r = Record()
    let (x, h, wx, wh, b) = (r.node(cache.x), r.node(cache.h), r.node(p.Wx), r.node(p.Wh), r.node(p.b))
    let new = r.tanh(r.sum(r.sum(r.product(x, wx), r.product(h, wh)), b))
    r.back([(new, upstream.h)])
    var g = Gradients()
    (g.x, g.previous.h, g.Wx, g.Wh, g.b) = (x.gradient, h.gradient, wx.gradient, wh.gradient, b.gradient)
    return g
  }
}
