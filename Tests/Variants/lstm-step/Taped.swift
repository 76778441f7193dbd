// The gradients come from a record of the operations.
struct LSTM: Cell {
  struct Cache {
    let x, h, c: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let cache = Cache(x: x, h: previous.h, c: previous.c)
    let step = Step(cache, p)
    return (Output(h: step.h.value, c: step.c.value), cache)
  }

  struct Step {
    let record = Record()
    let x, hPrevious, cPrevious, wx, wh, b, h, c: Node

    init(_ cache: Cache, _ p: Parameters) {
      let r = record
      (x, hPrevious, cPrevious) = (r.node(cache.x), r.node(cache.h), r.node(cache.c))
      (wx, wh, b) = (r.node(p.Wx), r.node(p.Wh), r.node(p.b))
      let a = r.sum(r.sum(r.product(x, wx), r.product(hPrevious, wh)), b)
      let width = cache.h.columns
      let quarters = (0..<4).map { r.columns(a, ($0 * width)..<(($0 + 1) * width)) }
      let kept = r.hadamard(r.sigmoid(quarters[1]), cPrevious)
      c = r.sum(kept, r.hadamard(r.sigmoid(quarters[0]), r.tanh(quarters[3])))
      h = r.hadamard(r.sigmoid(quarters[2]), r.tanh(c))
    }
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let step = Step(cache, p)
    step.record.back([(step.h, upstream.h), (step.c, upstream.c)])
    var g = Gradients()
    (g.x, g.previous.h, g.previous.c) = (step.x.gradient, step.hPrevious.gradient, step.cPrevious.gradient)
    (g.Wx, g.Wh, g.b) = (step.wx.gradient, step.wh.gradient, step.b.gradient)
    return g
  }
}
