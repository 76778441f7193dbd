// The residual cell of NNDL (6.50), samples in columns: h = hPrevious + tanh(U hPrevious + W x + b).
import CellKit

struct ResidualRNN: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var change: Matrix  // tanh(z), what the step adds to the state
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let change = tanh(p.U * previous.h + p.W * x + p.b)
    return (Output(h: previous.h + change), Cache(x: x, hPrevious: previous.h, change: change))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dz = upstream.h .* (1 - cache.change .* cache.change)

    var g = Gradients()
    g.x = p.W.T * dz
    // Two roads: straight through the sum, and through z.
    g.previous.h = upstream.h + p.U.T * dz
    g.U = dz * cache.hPrevious.T
    g.W = dz * cache.x.T
    g.b = dz.sumOverColumns()
    return g
  }
}
