// Nothing but the inputs is kept; the way back works everything out anew.
struct LSTM: Cell {
  struct Cache {
    let x, h, c: Matrix
  }

  struct Gates {
    let f, i, o, candidate, c, tanhC: Matrix

    init(_ cache: Cache, _ p: Parameters) {
      func a(_ w: Matrix, _ u: Matrix, _ b: Matrix) -> Matrix {
        sum(sum(product(u, cache.h), product(w, cache.x)), b)
      }
      (f, i) = (gate(a(p.Wf, p.Uf, p.bf)), gate(a(p.Wi, p.Ui, p.bi)))
      (o, candidate) = (gate(a(p.Wo, p.Uo, p.bo)), squashed(a(p.Wc, p.Uc, p.bc)))
      c = sum(hadamard(candidate, i), hadamard(cache.c, f))
      tanhC = squashed(c)
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h, c: previous.c)
    let s = Gates(cache, p)
    return (Output(h: hadamard(s.tanhC, s.o), c: s.c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Gates(cache, p)
    let dc = sum(hadamard(hadamard(slopeOfTanh(s.tanhC), s.o), upstream.h), upstream.c)
    var g = Gradients()
    g.previous.c = hadamard(dc, s.f)
    func back(_ da: Matrix, _ w: Matrix, _ u: Matrix) -> (x: Matrix, h: Matrix, w: Matrix, u: Matrix, b: Matrix) {
      (
        product(flipped(w), da), product(flipped(u), da), product(da, flipped(cache.x)), product(da, flipped(cache.h)),
        overSamples(columns: da)
      )
    }
    let f = back(hadamard(hadamard(slopeOfGate(s.f), cache.c), dc), p.Wf, p.Uf)
    let i = back(hadamard(hadamard(slopeOfGate(s.i), s.candidate), dc), p.Wi, p.Ui)
    let o = back(hadamard(hadamard(slopeOfGate(s.o), s.tanhC), upstream.h), p.Wo, p.Uo)
    let c = back(hadamard(hadamard(slopeOfTanh(s.candidate), s.i), dc), p.Wc, p.Uc)
    g.x = sum(sum(f.x, i.x), sum(o.x, c.x))
    g.previous.h = sum(sum(f.h, i.h), sum(o.h, c.h))
    (g.Wf, g.Uf, g.bf) = (f.w, f.u, f.b)
    (g.Wi, g.Ui, g.bi) = (i.w, i.u, i.b)
    (g.Wo, g.Uo, g.bo) = (o.w, o.u, o.b)
    (g.Wc, g.Uc, g.bc) = (c.w, c.u, c.b)
    return g
  }
}
