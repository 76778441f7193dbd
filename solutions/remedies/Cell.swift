// The simple recurrent cell with ReLU, samples in columns: h = ReLU(U hPrevious + W x + b).
import CellKit

struct ReluRNN: Cell {
  struct Cache {
    var x, hPrevious, z: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let z = p.U * previous.h + p.W * x + p.b
    return (Output(h: relu(z)), Cache(x: x, hPrevious: previous.h, z: z))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let dz = upstream.h .* cache.z.map { $0 > 0 ? 1 : 0 }

    var g = Gradients()
    g.x = p.W.T * dz
    g.previous.h = p.U.T * dz
    g.U = dz * cache.hPrevious.T
    g.W = dz * cache.x.T
    g.b = dz.sumOverColumns()
    return g
  }
}
