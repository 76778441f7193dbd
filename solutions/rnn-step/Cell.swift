// A simple recurrent cell, samples in rows: h = tanh(x Wx + hPrevious Wh + b).
import CellKit

struct RNN: Cell {
  struct Cache {
    var x, hPrevious, h: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let h = tanh(x * p.Wx + previous.h * p.Wh + p.b)
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, h: h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    // Through the tanh: the slope is 1 - tanh², and h is that tanh.
    let da = upstream.h .* (1 - cache.h .* cache.h)

    var g = Gradients()
    g.x = da * p.Wx.T
    g.previous.h = da * p.Wh.T
    g.Wx = cache.x.T * da
    g.Wh = cache.hPrevious.T * da
    g.b = da.sumOverRows()
    return g
  }
}
