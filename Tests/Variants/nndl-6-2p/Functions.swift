// Nothing but the inputs is kept; the way back works everything out anew.
struct LSTM: Cell {
  struct Cache {
    let x, h, cPrevious: Matrix
  }

  struct Gates {
    let v, f, i, candidate, o, c, tanhC, h, y: Matrix

    init(_ cache: Cache, _ p: Parameters) {
      let v = Matrix.stacked(cache.h, cache.x)
      self.v = v
      func a(_ w: Matrix, _ b: Matrix) -> Matrix { sum(product(w, v), b) }
      (f, i, candidate, o) = (gate(a(p.Wf, p.bf)), gate(a(p.Wi, p.bi)), squashed(a(p.Wc, p.bc)), gate(a(p.Wo, p.bo)))
      c = sum(hadamard(candidate, i), hadamard(cache.cPrevious, f))
      tanhC = squashed(c)
      h = hadamard(tanhC, o)
      let powers = exp(sum(product(p.Wy, h), p.by))
      y = powers ./ overSamples(rows: powers)
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h, cPrevious: previous.c)
    let s = Gates(cache, p)
    return (Output(h: s.h, c: s.c, y: s.y), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Gates(cache, p)
    // The softmax's Jacobian, diag(y) - y yᵀ, sample by sample.
    var dy = Matrix.zeros(like: s.y)
    for n in 0..<s.y.columns {
      for k in 0..<s.y.rows {
        for j in 0..<s.y.rows { dy[k, n] += s.y[j, n] * ((j == k ? 1 : 0) - s.y[k, n]) * upstream.y[j, n] }
      }
    }
    let dh = sum(product(flipped(p.Wy), dy), upstream.h)
    let dc = sum(hadamard(hadamard(slopeOfTanh(s.tanhC), s.o), dh), upstream.c)
    let df = hadamard(hadamard(slopeOfGate(s.f), cache.cPrevious), dc)
    let di = hadamard(hadamard(slopeOfGate(s.i), s.candidate), dc)
    let dCandidate = hadamard(hadamard(slopeOfTanh(s.candidate), s.i), dc)
    let dO = hadamard(hadamard(slopeOfGate(s.o), s.tanhC), dh)
    let dv = sum(
      sum(product(flipped(p.Wo), dO), product(flipped(p.Wc), dCandidate)),
      sum(product(flipped(p.Wi), di), product(flipped(p.Wf), df)))
    var g = Gradients()
    g.previous.h = dv[rows: 0..<cache.h.rows]
    g.x = dv[rows: cache.h.rows..<dv.rows]
    g.previous.c = hadamard(dc, s.f)
    let v = flipped(s.v)
    (g.Wf, g.bf) = (product(df, v), overSamples(columns: df))
    (g.Wi, g.bi) = (product(di, v), overSamples(columns: di))
    (g.Wc, g.bc) = (product(dCandidate, v), overSamples(columns: dCandidate))
    (g.Wo, g.bo) = (product(dO, v), overSamples(columns: dO))
    (g.Wy, g.by) = (product(dy, flipped(s.h)), overSamples(columns: dy))
    return g
  }
}
