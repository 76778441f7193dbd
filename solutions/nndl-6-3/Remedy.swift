// A residual cell whose gradient neither explodes nor vanishes: h = hPrevious + ε tanh(½ (U − Uᵀ) hPrevious + W x + b).
//
// The eigenvalues of U − Uᵀ are imaginary, so the step's Jacobian is close to a rotation: nothing grows at the rate of an
// eigenvalue, and nothing shrinks. A small ε keeps it close (Chang, Chen, Haber and Chi 2019).
import CellKit

struct Remedy: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var change: Matrix  // tanh(z)
  }

  static let step = 0.1

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let turn = 0.5 * (p.U - p.U.T)
    let change = tanh(turn * previous.h + p.W * x + p.b)
    return (Output(h: previous.h + step * change), Cache(x: x, hPrevious: previous.h, change: change))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let turn = 0.5 * (p.U - p.U.T)
    let dz = step * upstream.h .* (1 - cache.change .* cache.change)
    let dTurn = dz * cache.hPrevious.T

    var g = Gradients()
    g.x = p.W.T * dz
    g.previous.h = upstream.h + turn.T * dz
    // U stands in the turn twice, once transposed and with the other sign.
    g.U = 0.5 * (dTurn - dTurn.T)
    g.W = dz * cache.x.T
    g.b = dz.sumOverColumns()
    return g
  }
}
