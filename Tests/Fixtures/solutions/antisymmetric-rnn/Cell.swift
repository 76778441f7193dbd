// AntisymmetricRNN, samples in columns: the recurrent matrix is W − Wᵀ − γI.
import CellKit

struct AntisymmetricRNN: Cell {
  struct Cache {
    var x, hPrevious, h: Matrix
  }

  static let epsilon = 0.5

  static func recurrent(_ p: Parameters) -> Matrix {
    var matrix = p.W - p.W.T
    for unit in 0..<matrix.rows { matrix[unit, unit] -= p.gamma[0, 0] }
    return matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let slope = tanh(recurrent(p) * previous.h + p.V * x + p.b)
    return (Output(h: previous.h + epsilon * slope), Cache(x: x, hPrevious: previous.h, h: slope))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let delta = epsilon * upstream.h .* (1 - cache.h .* cache.h)
    let matrix = delta * cache.hPrevious.T
    var trace = 0.0
    for unit in 0..<matrix.rows { trace += matrix[unit, unit] }

    var g = Gradients()
    g.x = p.V.T * delta
    g.previous.h = upstream.h + recurrent(p).T * delta
    g.W = matrix - matrix.T
    g.V = delta * cache.x.T
    g.b = delta.sumOverColumns()
    g.gamma = Matrix([[-trace]])
    return g
  }
}
