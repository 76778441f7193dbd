// Nothing but the inputs is kept; the way back works everything out anew.
struct RNN: Cell {
  struct Cache {
    let x, hPrevious: Matrix
  }

  static func state(_ x: Matrix, _ h: Matrix, _ p: Parameters) -> Matrix {
    squashed(sum(sum(product(h, p.Wh), product(x, p.Wx)), p.b))
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    (Output(h: state(x, previous.h, p)), Cache(x: x, hPrevious: previous.h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let da = hadamard(upstream.h, slopeOfTanh(state(cache.x, cache.hPrevious, p)))
    var g = Gradients()
    g.b = overSamples(rows: da)
    g.Wh = product(flipped(cache.hPrevious), da)
    g.Wx = product(flipped(cache.x), da)
    g.previous.h = product(da, flipped(p.Wh))
    g.x = product(da, flipped(p.Wx))
    return g
  }
}
