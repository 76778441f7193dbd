// The gradients come from a record of the operations.
struct ResidualRNN: Cell {
  struct Cache {
    let x, h: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    (Output(h: previous.h + tanh(p.U * previous.h + p.W * x + p.b)), Cache(x: x, h: previous.h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let r = Record()
    let (x, h, u, w, b) = (r.node(cache.x), r.node(cache.h), r.node(p.U), r.node(p.W), r.node(p.b))
    let new = r.sum(h, r.tanh(r.sum(r.sum(r.product(u, h), r.product(w, x)), b)))
    r.back([(new, upstream.h)])
    var g = Gradients()
    (g.x, g.previous.h, g.U, g.W, g.b) = (x.gradient, h.gradient, u.gradient, w.gradient, b.gradient)
    return g
  }
}
