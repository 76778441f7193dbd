// The gradients come from a record of the operations.
struct LSTM: Cell {
  struct Cache {
    let x, h, c: Matrix
  }

  /// Three parameters of a gate.
  struct Group {
    let w, u, b: Node

    init(_ r: Record, _ w: Matrix, _ u: Matrix, _ b: Matrix) {
      (self.w, self.u, self.b) = (r.node(w), r.node(u), r.node(b))
    }

    func sum(_ r: Record, _ x: Node, _ h: Node) -> Node {
      r.sum(r.sum(r.product(w, x), r.product(u, h)), b)
    }

    var gradients: (Matrix, Matrix, Matrix) { (w.gradient, u.gradient, b.gradient) }
  }

  struct Step {
    let r = Record()
    let x, hPrevious, cPrevious, h, c: Node
    let f, i, o, candidate: Group

    init(_ cache: Cache, _ p: Parameters) {
      (x, hPrevious, cPrevious) = (r.node(cache.x), r.node(cache.h), r.node(cache.c))
      (f, i) = (Group(r, p.Wf, p.Uf, p.bf), Group(r, p.Wi, p.Ui, p.bi))
      (o, candidate) = (Group(r, p.Wo, p.Uo, p.bo), Group(r, p.Wc, p.Uc, p.bc))
      let written = r.hadamard(r.sigmoid(i.sum(r, x, hPrevious)), r.tanh(candidate.sum(r, x, hPrevious)))
      c = r.sum(r.hadamard(r.sigmoid(f.sum(r, x, hPrevious)), cPrevious), written)
      h = r.hadamard(r.sigmoid(o.sum(r, x, hPrevious)), r.tanh(c))
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h, c: previous.c)
    let step = Step(cache, p)
    return (Output(h: step.h.value, c: step.c.value), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Step(cache, p)
    s.r.back([(s.h, upstream.h), (s.c, upstream.c)])
    var g = Gradients()
    (g.x, g.previous.h, g.previous.c) = (s.x.gradient, s.hPrevious.gradient, s.cPrevious.gradient)
    (g.Wf, g.Uf, g.bf) = s.f.gradients
    (g.Wi, g.Ui, g.bi) = s.i.gradients
    (g.Wo, g.Uo, g.bo) = s.o.gradients
    (g.Wc, g.Uc, g.bc) = s.candidate.gradients
    return g
  }
}
