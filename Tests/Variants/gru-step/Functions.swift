// Nothing but the inputs is kept; the way back works everything out anew, with the matrices cut in two.
struct GRU: Cell {
  struct Cache {
    let x, c: Matrix
  }

  struct Half {
    let state, input: Matrix

    init(_ w: Matrix) {
      state = w[columns: 0..<w.rows]
      input = w[columns: w.rows..<w.columns]
    }

    func sums(_ c: Matrix, _ x: Matrix, _ b: Matrix) -> Matrix { sum(sum(product(input, x), product(state, c)), b) }
  }

  struct Gates {
    let u, r, reset, candidate: Matrix

    init(_ cache: Cache, _ p: Parameters) {
      u = gate(Half(p.Wu).sums(cache.c, cache.x, p.bu))
      r = gate(Half(p.Wr).sums(cache.c, cache.x, p.br))
      reset = hadamard(cache.c, r)
      candidate = squashed(Half(p.Wc).sums(reset, cache.x, p.bc))
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, c: previous.c)
    let s = Gates(cache, p)
    return (Output(c: sum(previous.c, hadamard(s.u, s.candidate - previous.c))), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Gates(cache, p)
    let written = hadamard(s.u, upstream.c)
    let dCandidate = hadamard(slopeOfTanh(s.candidate), written)
    let dReset = product(flipped(Half(p.Wc).state), dCandidate)
    let du = hadamard(hadamard(slopeOfGate(s.u), s.candidate - cache.c), upstream.c)
    let dr = hadamard(hadamard(slopeOfGate(s.r), cache.c), dReset)
    var g = Gradients()
    g.x = sum(
      sum(product(flipped(Half(p.Wc).input), dCandidate), product(flipped(Half(p.Wr).input), dr)),
      product(flipped(Half(p.Wu).input), du))
    g.previous.c = sum(
      sum(product(flipped(Half(p.Wr).state), dr), product(flipped(Half(p.Wu).state), du)),
      sum(hadamard(s.r, dReset), upstream.c - written))
    g.Wu = Matrix.beside(product(du, flipped(cache.c)), product(du, flipped(cache.x)))
    g.Wr = Matrix.beside(product(dr, flipped(cache.c)), product(dr, flipped(cache.x)))
    g.Wc = Matrix.beside(product(dCandidate, flipped(s.reset)), product(dCandidate, flipped(cache.x)))
    (g.bu, g.br) = (overSamples(columns: du), overSamples(columns: dr))
    g.bc = overSamples(columns: dCandidate)
    return g
  }
}
