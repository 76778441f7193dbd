// Nothing but the inputs is kept; the way back works everything out anew.
struct LSTM: Cell {
  struct Cache {
    let x, h, c: Matrix
  }

  struct Gates {
    let i, f, o, g, c, tanhC: Matrix

    init(_ cache: Cache, _ p: Parameters) {
      let a = sum(sum(product(cache.h, p.Wh), product(cache.x, p.Wx)), p.b)
      let width = cache.h.columns
      func quarter(_ index: Int) -> Matrix { a[columns: (index * width)..<((index + 1) * width)] }
      (i, f, o, g) = (gate(quarter(0)), gate(quarter(1)), gate(quarter(2)), squashed(quarter(3)))
      c = sum(hadamard(i, g), hadamard(f, cache.c))
      tanhC = squashed(c)
    }
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h, c: previous.c)
    let gates = Gates(cache, p)
    return (Output(h: hadamard(gates.o, gates.tanhC), c: gates.c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let s = Gates(cache, p)
    let dc = sum(hadamard(hadamard(slopeOfTanh(s.tanhC), s.o), upstream.h), upstream.c)
    var da = Matrix.zeros(s.i.rows, 4 * s.i.columns)
    let width = s.i.columns
    da[columns: 0..<width] = hadamard(hadamard(slopeOfGate(s.i), s.g), dc)
    da[columns: width..<(2 * width)] = hadamard(hadamard(slopeOfGate(s.f), cache.c), dc)
    da[columns: (2 * width)..<(3 * width)] = hadamard(hadamard(slopeOfGate(s.o), s.tanhC), upstream.h)
    da[columns: (3 * width)..<(4 * width)] = hadamard(hadamard(slopeOfTanh(s.g), s.i), dc)
    var g = Gradients()
    g.b = overSamples(rows: da)
    g.Wx = product(flipped(cache.x), da)
    g.Wh = product(flipped(cache.h), da)
    g.x = product(da, flipped(p.Wx))
    g.previous.h = product(da, flipped(p.Wh))
    g.previous.c = hadamard(dc, s.f)
    return g
  }
}
