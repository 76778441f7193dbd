// The gradients come from a record of the operations.
struct LSTM: Cell {
  struct Cache {
    let x, h, cPrevious: Matrix
  }

  struct Step {
    let r = Record()
    let x, hPrevious, cPrevious, h, c, y: Node
    let weights, biases: [Node]

    init(_ cache: Cache, _ p: Parameters) {
      let r = r
      (x, hPrevious, cPrevious) = (r.node(cache.x), r.node(cache.h), r.node(cache.cPrevious))
      let weights = [p.Wf, p.Wi, p.Wc, p.Wo, p.Wy].map { r.node($0) }
      let biases = [p.bf, p.bi, p.bc, p.bo, p.by].map { r.node($0) }
      let v = r.stacked(hPrevious, x)
      let a = (0..<4).map { r.sum(r.product(weights[$0], v), biases[$0]) }
      c = r.sum(r.hadamard(r.sigmoid(a[0]), cPrevious), r.hadamard(r.sigmoid(a[1]), r.tanh(a[2])))
      h = r.hadamard(r.sigmoid(a[3]), r.tanh(c))
      y = r.softmax(r.sum(r.product(weights[4], h), biases[4]))
      (self.weights, self.biases) = (weights, biases)
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h, cPrevious: previous.c)
    let s = Step(cache, p)
    return (Output(h: s.h.value, c: s.c.value, y: s.y.value), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Step(cache, p)
    s.r.back([(s.h, upstream.h), (s.c, upstream.c), (s.y, upstream.y)])
    let (w, b) = (s.weights.map(\.gradient), s.biases.map(\.gradient))
    var g = Gradients()
    (g.x, g.previous.h, g.previous.c) = (s.x.gradient, s.hPrevious.gradient, s.cPrevious.gradient)
    (g.Wf, g.Wi, g.Wc, g.Wo, g.Wy) = (w[0], w[1], w[2], w[3], w[4])
    (g.bf, g.bi, g.bc, g.bo, g.by) = (b[0], b[1], b[2], b[3], b[4])
    return g
  }
}
