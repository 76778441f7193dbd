// Sample by sample, with the Jacobian ∂h_t/∂h_{t-1} = I + diag(tanh′) U written out.
struct ResidualRNN: Cell {
  struct Cache {
    let x, h, z: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let z = p.W * x + p.U * previous.h + p.b
    return (Output(h: tanh(z) + previous.h), Cache(x: x, h: previous.h, z: z))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let hidden = p.U.rows
    var g = Gradients()
    (g.x, g.previous.h) = (.zeros(like: cache.x), .zeros(like: cache.h))
    (g.U, g.W, g.b) = (.zeros(like: p.U), .zeros(like: p.W), .zeros(like: p.b))
    for n in 0..<cache.x.columns {
      var slope = Matrix.zeros(hidden, hidden)
      for i in 0..<hidden { slope[i, i] = 1 - tanh(cache.z[i, n]) * tanh(cache.z[i, n]) }
      var jacobian = slope * p.U
      for i in 0..<hidden { jacobian[i, i] += 1 }
      let (x, h) = (cache.x[columns: n..<(n + 1)], cache.h[columns: n..<(n + 1)])
      let arriving = upstream.h[columns: n..<(n + 1)]
      let dz = slope * arriving
      g.previous.h[columns: n..<(n + 1)] = jacobian.T * arriving
      g.x[columns: n..<(n + 1)] = (slope * p.W).T * arriving
      g.U += dz * h.T
      g.W += dz * x.T
      g.b += dz
    }
    return g
  }
}
