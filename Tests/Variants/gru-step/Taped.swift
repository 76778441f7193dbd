// The gradients come from a record of the operations.
struct GRU: Cell {
  struct Cache {
    let x, c: Matrix
  }

  struct Step {
    let r = Record()
    let x, cPrevious, c: Node
    let w, b: [Node]

    init(_ cache: Cache, _ p: Parameters) {
      let r = r
      let (x, old) = (r.node(cache.x), r.node(cache.c))
      let w = [p.Wu, p.Wr, p.Wc].map { r.node($0) }
      let b = [p.bu, p.br, p.bc].map { r.node($0) }
      func a(_ index: Int, _ state: Node) -> Node { r.sum(r.product(w[index], r.stacked(state, x)), b[index]) }
      let update = r.sigmoid(a(0, old))
      let candidate = r.tanh(a(2, r.hadamard(r.sigmoid(a(1, old)), old)))
      c = r.sum(r.hadamard(update, candidate), r.hadamard(r.oneMinus(update), old))
      (self.x, cPrevious, self.w, self.b) = (x, old, w, b)
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, c: previous.c)
    return (Output(c: Step(cache, p).c.value), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Step(cache, p)
    s.r.back([(s.c, upstream.c)])
    var g = Gradients()
    (g.x, g.previous.c) = (s.x.gradient, s.cPrevious.gradient)
    (g.Wu, g.Wr, g.Wc) = (s.w[0].gradient, s.w[1].gradient, s.w[2].gradient)
    (g.bu, g.br, g.bc) = (s.b[0].gradient, s.b[1].gradient, s.b[2].gradient)
    return g
  }
}
