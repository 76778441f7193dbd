import CellKit

struct RNN: Cell {
  struct Cache { var input: Matrix; var old: Matrix; var z: Matrix }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    var z = x * p.Wx
    z += previous.h * p.Wh
    z += p.b
    return (Output(h: tanh(z)), Cache(input: x, old: previous.h, z: z))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let next = tanh(cache.z)
    let derivative = 1 + next .* next
    let delta = upstream.h .* derivative
    var g = Gradients()
    g.x = delta * p.Wx.T
    g.Wx = cache.input.T * delta
    g.previous.h = delta * p.Wh.T
    g.Wh = cache.old.T * delta
    g.b = delta.sumOverRows()
    return g
  }
}
