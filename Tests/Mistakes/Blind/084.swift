import CellKit

struct ResidualRNN: Cell {
  struct Cache { var x, h0, h1, z: Matrix }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let z = p.W * x + p.b + p.U * previous.h
    let h1 = tanh(z) + previous.h
    return (Output(h: h1), Cache(x: x, h0: previous.h, h1: h1, z: z))
  }

  static func backward(_ upstream: Output, _ m: Cache, _ p: Parameters) -> Gradients {
    let t = tanh(m.z)
    let s = 1 - t .* t
    let e = s .* upstream.h
    var r = Gradients()
    r.U = e * m.h0.T
    r.W = upstream.h * m.x.T
    r.b = e.sumOverColumns()
    r.x = p.W.T * e
    r.previous.h = p.U.T * e + upstream.h
    return r
  }
}
