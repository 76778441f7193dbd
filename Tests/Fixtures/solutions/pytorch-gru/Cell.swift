// PyTorch's GRU, samples in columns: z keeps, and the reset gate acts after the product with the state.
import CellKit

struct GRU: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var r, z, q, n: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let r = sigmoid(p.Wir * x + p.bir + p.Whr * previous.h + p.bhr)
    let z = sigmoid(p.Wiz * x + p.biz + p.Whz * previous.h + p.bhz)
    let q = p.Whn * previous.h + p.bhn
    let n = tanh(p.Win * x + p.bin + r .* q)
    let h = (1 - z) .* n + z .* previous.h
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, r: r, z: z, q: q, n: n))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (r, z, q, n, hPrevious) = (cache.r, cache.z, cache.q, cache.n, cache.hPrevious)

    // The candidate, and the two factors of r ⊙ q in it.
    let dn = upstream.h .* (1 - z) .* (1 - n .* n)
    let dq = dn .* r
    let dr = dn .* q .* r .* (1 - r)
    let dz = upstream.h .* (hPrevious - n) .* z .* (1 - z)

    var g = Gradients()
    g.x = p.Wir.T * dr + p.Wiz.T * dz + p.Win.T * dn
    g.previous.h = z .* upstream.h + p.Whr.T * dr + p.Whz.T * dz + p.Whn.T * dq

    g.Wir = dr * cache.x.T
    g.Whr = dr * hPrevious.T
    g.bir = dr.sumOverColumns()
    g.bhr = g.bir

    g.Wiz = dz * cache.x.T
    g.Whz = dz * hPrevious.T
    g.biz = dz.sumOverColumns()
    g.bhz = g.biz

    g.Win = dn * cache.x.T
    g.Whn = dq * hPrevious.T
    g.bin = dn.sumOverColumns()
    g.bhn = dq.sumOverColumns()
    return g
  }
}
