// The gradients come from a record of the operations.
struct GRU: Cell {
  struct Cache {
    let x, h: Matrix
  }

  struct Step {
    let r = Record()
    let x, hPrevious, h: Node
    let w, u, b: [Node]

    init(_ cache: Cache, _ p: Parameters) {
      let r = r
      let (x, old) = (r.node(cache.x), r.node(cache.h))
      let w = [p.Wz, p.Wr, p.Wh].map { r.node($0) }
      let u = [p.Uz, p.Ur, p.Uh].map { r.node($0) }
      let b = [p.bz, p.br, p.bh].map { r.node($0) }
      func a(_ index: Int, _ state: Node) -> Node {
        r.sum(r.sum(r.product(w[index], x), r.product(u[index], state)), b[index])
      }
      let z = r.sigmoid(a(0, old))
      let candidate = r.tanh(a(2, r.hadamard(r.sigmoid(a(1, old)), old)))
      h = r.sum(r.hadamard(z, old), r.hadamard(r.oneMinus(z), candidate))
      (self.x, hPrevious, self.w, self.u, self.b) = (x, old, w, u, b)
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h)
    return (Output(h: Step(cache, p).h.value), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Step(cache, p)
    s.r.back([(s.h, upstream.h)])
    let (w, u, b) = (s.w.map(\.gradient), s.u.map(\.gradient), s.b.map(\.gradient))
    var g = Gradients()
    (g.x, g.previous.h) = (s.x.gradient, s.hPrevious.gradient)
    (g.Wz, g.Uz, g.bz) = (w[0], u[0], b[0])
    (g.Wr, g.Ur, g.br) = (w[1], u[1], b[1])
    (g.Wh, g.Uh, g.bh) = (w[2], u[2], b[2])
    return g
  }
}
