import CellKit

struct RNN: Cell {
  struct Cache { let xt, h0, h1: Matrix }

  static func forward(_ xt: Matrix, _ prev: State, _ w: Parameters) -> (Output, Cache) {
    let z = prev.h * w.Wh + w.b + xt * w.Wx
    let h1 = tanh(z)
    return (Output(h: h1), Cache(xt: xt, h0: prev.h, h1: h1))
  }

  static func backward(_ dout: Output, _ k: Cache, _ w: Parameters) -> Gradients {
    let slope = 1 - k.h1
    let dz = slope .* dout.h
    var grads = Gradients()
    grads.b = dz.sumOverRows()
    grads.Wx = (dz.T * k.xt).T
    grads.Wh = (dz.T * k.h0).T
    grads.x = (w.Wx * dz.T).T
    grads.previous.h = (w.Wh * dz.T).T
    return grads
  }
}
