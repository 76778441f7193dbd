// minGRU, samples in columns: gate and candidate look at the input alone.
import CellKit

struct MinGRU: Cell {
  struct Cache {
    var x, hPrevious, z, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let z = sigmoid(p.Wz * x + p.bz)
    let candidate = p.Wh * x + p.bh
    let h = (1 - z) .* previous.h + z .* candidate
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, z: z, candidate: candidate))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dCandidate = upstream.h .* cache.z
    let dz = upstream.h .* (cache.candidate - cache.hPrevious) .* cache.z .* (1 - cache.z)

    var g = Gradients()
    g.x = p.Wz.T * dz + p.Wh.T * dCandidate
    g.previous.h = upstream.h .* (1 - cache.z)
    g.Wz = dz * cache.x.T
    g.bz = dz.sumOverColumns()
    g.Wh = dCandidate * cache.x.T
    g.bh = dCandidate.sumOverColumns()
    return g
  }
}
