// coRNN, samples in columns: oscillators with positions y and velocities z.
import CellKit

struct CoRNN: Cell {
  struct Cache {
    var x, yPrevious, zPrevious, drive: Matrix
  }

  static let (step, spring, friction) = (0.1, 1.0, 0.5)

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let drive = tanh(p.W * previous.y + p.WHat * previous.z + p.V * x + p.b)
    let z = previous.z + step * (drive - spring * previous.y - friction * previous.z)
    let y = previous.y + step * z
    return (Output(y: y, z: z), Cache(x: x, yPrevious: previous.y, zPrevious: previous.z, drive: drive))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    // The new velocity moves the position within the step.
    let dz = upstream.z + step * upstream.y
    let delta = step * dz .* (1 - cache.drive .* cache.drive)

    var g = Gradients()
    g.x = p.V.T * delta
    g.previous.y = upstream.y - step * spring * dz + p.W.T * delta
    g.previous.z = (1 - step * friction) * dz + p.WHat.T * delta
    g.W = delta * cache.yPrevious.T
    g.WHat = delta * cache.zPrevious.T
    g.V = delta * cache.x.T
    g.b = delta.sumOverColumns()
    return g
  }
}
