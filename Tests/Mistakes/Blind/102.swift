import CellKit

struct RNN: Unrolled {
  struct Cache { let xt, h0, h1: Matrix }

  static func forward(_ xt: Matrix, _ prev: State, _ w: Parameters) -> (Output, Cache) {
    let z = prev.h * w.Wh + w.b + xt * w.Wx
    let h1 = tanh(z)
    return (Output(h: h1), Cache(xt: xt, h0: prev.h, h1: h1))
  }

  static func backward(_ dout: Output, _ k: Cache, _ w: Parameters) -> Gradients {
    let slope = 1 - k.h1 .* k.h1
    let dz = slope .* dout.h
    var grads = Gradients()
    grads.b = dz.sumOverRows()
    grads.Wx = (dz.T * k.xt).T
    grads.Wh = (dz.T * k.h0).T
    grads.x = (w.Wx * dz.T).T
    grads.previous.h = (w.Wh * dz.T).T
    return grads
  }

  typealias Tape = [Cache]

  static func forwardThroughTime(_ xs: [Matrix], _ start: State, _ w: Parameters) -> ([Output], Tape) {
    var ys: [Output] = []
    var caches = Tape()
    var h = start
    for t in 0..<xs.count {
      let result = forward(xs[t], h, w)
      h = result.0
      ys.append(h)
      caches.append(result.1)
    }
    return (ys, caches)
  }

  static func backwardThroughTime(_ douts: [Output], _ caches: Tape, _ w: Parameters) -> SequenceGradients {
    let T = douts.count
    var all = SequenceGradients()
    all.Wx = .zeros(like: w.Wx)
    all.Wh = .zeros(like: w.Wh)
    all.b = .zeros(like: w.b)
    all.x = [Matrix](repeating: .zeros(like: caches[0].xt), count: T)
    var carry = Matrix.zeros(like: caches[0].h1)
    for t in stride(from: T - 1, through: 0, by: -1) {
      var dh = douts[t]
      dh.h += carry
      let step = backward(dh, caches[t], w)
      all.x[t] = step.x
      all.Wx += step.Wx
      all.Wh += step.Wh
      all.b += backward(douts[t], caches[t], w).b
      carry = step.previous.h
    }
    all.initial.h = carry
    return all
  }
}
