import CellKit

struct LSTM: Cell {
  struct Cache {
    var x, h, c, c1: Matrix
    var F, I, O, G: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let h = previous.h
    let I = sigmoid(p.bi + p.Ui * h + p.Wi * x)
    let F = sigmoid(p.bf + p.Uf * h + p.Wf * x)
    let G = tanh(p.bc + p.Uc * h + p.Wc * x)
    let O = sigmoid(p.bo + p.Uo * h + p.Wo * x)
    let c1 = I .* G + F .* previous.c
    return (Output(h: O .* tanh(c1), c: c1), Cache(x: x, h: h, c: previous.c, c1: c1, F: F, I: I, O: O, G: G))
  }

  static func slope(_ s: Matrix) -> Matrix { s .* (1 - s) }

  static func backward(_ upstream: Output, _ k: Cache, _ p: Parameters) -> Gradients {
    let th = tanh(k.c1)
    let dh = upstream.h
    var dc = upstream.c
    dc += dh .* k.O .* (1 - th .* th)

    let aO = dh .* th .* slope(k.O)
    let aF = dc .* k.c .* slope(k.F)
    let aI = dc .* k.G .* slope(k.I)
    let aG = dc .* k.I .* (1 - k.G .* k.G)

    var g = Gradients()
    g.previous.c = dc .* k.F
    g.previous.h = p.Ui.T * aI
    g.previous.h += p.Uf.T * aF
    g.previous.h += p.Uo.T * aO
    g.previous.h += p.Uc.T * aG
    g.x = p.Wi.T * aI
    g.x += p.Wf.T * aF
    g.x = p.Wo.T * aO
    g.x += p.Wc.T * aG
    g.Wi = aI * k.x.T
    g.Wf = aF * k.x.T
    g.Wo = aO * k.x.T
    g.Wc = aG * k.x.T
    g.Ui = aI * k.h.T
    g.Uf = aF * k.h.T
    g.Uo = aO * k.h.T
    g.Uc = aG * k.h.T
    g.bi = aI.sumOverColumns()
    g.bf = aF.sumOverColumns()
    g.bo = aO.sumOverColumns()
    g.bc = aG.sumOverColumns()
    return g
  }
}
