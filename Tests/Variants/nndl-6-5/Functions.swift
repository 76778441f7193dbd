// Nothing but the inputs is kept; the way back works everything out anew.
struct GRU: Cell {
  struct Cache {
    let x, h: Matrix
  }

  struct Gates {
    let z, r, reset, candidate: Matrix

    init(_ cache: Cache, _ p: Parameters) {
      z = gate(sum(sum(product(p.Uz, cache.h), product(p.Wz, cache.x)), p.bz))
      r = gate(sum(sum(product(p.Ur, cache.h), product(p.Wr, cache.x)), p.br))
      reset = hadamard(cache.h, r)
      candidate = squashed(sum(sum(product(p.Uh, reset), product(p.Wh, cache.x)), p.bh))
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h)
    let s = Gates(cache, p)
    // The candidate, and z times what the old state has more.
    return (Output(h: sum(s.candidate, hadamard(s.z, previous.h - s.candidate))), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Gates(cache, p)
    let keep = hadamard(s.z, upstream.h)
    let dCandidate = hadamard(slopeOfTanh(s.candidate), upstream.h - keep)
    let dReset = product(flipped(p.Uh), dCandidate)
    let dz = hadamard(hadamard(slopeOfGate(s.z), cache.h - s.candidate), upstream.h)
    let dr = hadamard(hadamard(slopeOfGate(s.r), cache.h), dReset)
    var g = Gradients()
    g.x = sum(sum(product(flipped(p.Wh), dCandidate), product(flipped(p.Wr), dr)), product(flipped(p.Wz), dz))
    g.previous.h = sum(
      sum(product(flipped(p.Ur), dr), product(flipped(p.Uz), dz)), sum(hadamard(s.r, dReset), keep))
    (g.Wz, g.Uz, g.bz) = (product(dz, flipped(cache.x)), product(dz, flipped(cache.h)), overSamples(columns: dz))
    (g.Wr, g.Ur, g.br) = (product(dr, flipped(cache.x)), product(dr, flipped(cache.h)), overSamples(columns: dr))
    g.Wh = product(dCandidate, flipped(cache.x))
    g.Uh = product(dCandidate, flipped(s.reset))
    g.bh = overSamples(columns: dCandidate)
    return g
  }
}
