// An LSTM with packed gates in the order i, f, o, g, samples in rows.
import CellKit

struct LSTM: Cell {
  struct Cache {
    var x, hPrevious, cPrevious: Matrix
    var i, f, o, g: Matrix
    var tanhC: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    // One product for all four, then a quarter each.
    let a = (x * p.Wx + previous.h * p.Wh + p.b).splitColumns(4)
    let i = sigmoid(a[0])
    let f = sigmoid(a[1])
    let o = sigmoid(a[2])
    let g = tanh(a[3])

    let c = f .* previous.c + i .* g
    let tanhC = tanh(c)
    let h = o .* tanhC
    let cache = Cache(x: x, hPrevious: previous.h, cPrevious: previous.c, i: i, f: f, o: o, g: g, tanhC: tanhC)
    return (Output(h: h, c: c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (i, f, o, g) = (cache.i, cache.f, cache.o, cache.g)

    // c reaches the loss from outside this step, and through h.
    let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)

    // The gates and the candidate, each through its own squashing, and packed again in the order i, f, o, g.
    let da = Matrix.beside(
      dc .* g .* i .* (1 - i),
      dc .* cache.cPrevious .* f .* (1 - f),
      upstream.h .* cache.tanhC .* o .* (1 - o),
      dc .* i .* (1 - g .* g)
    )

    var gradients = Gradients()
    gradients.x = da * p.Wx.T
    gradients.previous.h = da * p.Wh.T
    gradients.previous.c = dc .* f
    gradients.Wx = cache.x.T * da
    gradients.Wh = cache.hPrevious.T * da
    gradients.b = da.sumOverRows()
    return gradients
  }
}
