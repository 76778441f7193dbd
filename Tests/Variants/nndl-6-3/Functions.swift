// Nothing but the inputs is kept; the way back works everything out anew.
struct ResidualRNN: Cell {
  struct Cache {
    let x, h: Matrix
  }

  static func change(_ x: Matrix, _ h: Matrix, _ p: Parameters) -> Matrix {
    squashed(sum(sum(product(p.W, x), product(p.U, h)), p.b))
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    (Output(h: sum(change(x, previous.h, p), previous.h)), Cache(x: x, h: previous.h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dz = hadamard(slopeOfTanh(change(cache.x, cache.h, p)), upstream.h)
    var g = Gradients()
    g.x = product(flipped(p.W), dz)
    g.previous.h = sum(product(flipped(p.U), dz), upstream.h)
    g.W = product(dz, flipped(cache.x))
    g.U = product(dz, flipped(cache.h))
    g.b = overSamples(columns: dz)
    return g
  }
}
