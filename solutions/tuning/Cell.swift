// The simple recurrent cell with softsign, samples in columns: h = z / (1 + |z|) with z = U hPrevious + W x + b.
import CellKit

struct SoftsignRNN: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var width: Matrix  // 1 + |z|
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let z = p.U * previous.h + p.W * x + p.b
    let width = 1 + z.map { abs($0) }
    return (Output(h: z ./ width), Cache(x: x, hPrevious: previous.h, width: width))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dz = upstream.h ./ (cache.width .* cache.width)

    var g = Gradients()
    g.x = p.W.T * dz
    g.previous.h = p.U.T * dz
    g.U = dz * cache.hPrevious.T
    g.W = dz * cache.x.T
    g.b = dz.sumOverColumns()
    return g
  }
}
