// The GRU of NNDL, samples in columns: z keeps, and the reset gate acts before the product with Uh.
import CellKit

struct GRU: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var z, r, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let z = sigmoid(p.Wz * x + p.Uz * previous.h + p.bz)
    let r = sigmoid(p.Wr * x + p.Ur * previous.h + p.br)
    let candidate = tanh(p.Wh * x + p.Uh * (r .* previous.h) + p.bh)
    let h = z .* previous.h + (1 - z) .* candidate
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, z: z, r: r, candidate: candidate))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (z, r, candidate, hPrevious) = (cache.z, cache.r, cache.candidate, cache.hPrevious)

    // The candidate's pre-activation, and the reset state that went into Uh.
    let dCandidate = upstream.h .* (1 - z) .* (1 - candidate .* candidate)
    let dReset = p.Uh.T * dCandidate

    // The gates' pre-activations: z weighs the old state against the candidate, r scales the old state.
    let dz = upstream.h .* (hPrevious - candidate) .* z .* (1 - z)
    let dr = dReset .* hPrevious .* r .* (1 - r)

    var g = Gradients()
    g.x = p.Wz.T * dz + p.Wr.T * dr + p.Wh.T * dCandidate
    // Four roads: kept directly, through the reset state, through z and through r.
    g.previous.h = z .* upstream.h + r .* dReset + p.Uz.T * dz + p.Ur.T * dr

    g.Wz = dz * cache.x.T
    g.Uz = dz * hPrevious.T
    g.bz = dz.sumOverColumns()

    g.Wr = dr * cache.x.T
    g.Ur = dr * hPrevious.T
    g.br = dr.sumOverColumns()

    g.Wh = dCandidate * cache.x.T
    g.Uh = dCandidate * (r .* hPrevious).T
    g.bh = dCandidate.sumOverColumns()
    return g
  }
}
