import CellKit

struct LSTM: Cell {
  struct Cache {
    let x, h0, c0, gates, c1: Matrix  // gates: N×4H, already squashed, i | f | o | g
  }

  static func forward(_ x: Matrix, _ s: State, _ p: Parameters) -> (Output, Cache) {
    let H = s.h.columns
    let pre = x * p.Wx + s.h * p.Wh + p.b
    let sig = sigmoid(pre[columns: 0..<3 * H])
    let cand = tanh(pre[columns: 3 * H..<4 * H])
    let inGate = sig[columns: 0..<H]
    let forget = sig[columns: H..<2 * H]
    let outGate = sig[columns: 2 * H..<3 * H]
    let c1 = inGate .* cand + forget .* s.c
    let h1 = tanh(c1) .* outGate
    return (Output(h: h1, c: c1), Cache(x: x, h0: s.h, c0: s.c, gates: Matrix.beside(sig, cand), c1: c1))
  }

  static func backward(_ up: Output, _ k: Cache, _ p: Parameters) -> Gradients {
    let q = k.gates.splitColumns(4)
    let inGate = q[0], forget = q[1], outGate = q[2], cand = q[3]
    let tc = tanh(k.c1)

    let dOut = up.h .* tc
    let dTc = up.h .* outGate
    let dC = dTc .* (1 - tanh(k.c0) .* tanh(k.c0)) + up.c
    let dForget = dC .* k.c0
    let dIn = dC .* cand
    let dCand = dC .* inGate

    let preIn = dIn .* inGate .* (1 - inGate)
    let preForget = dForget .* forget .* (1 - forget)
    let preOut = dOut .* outGate .* (1 - outGate)
    let preCand = dCand .* (1 - cand .* cand)
    let pre = Matrix.beside(preIn, preForget, preOut, preCand)

    var r = Gradients()
    r.previous.c = dC .* forget
    r.previous.h = pre * p.Wh.T
    r.x = pre * p.Wx.T
    r.b = pre.sumOverRows()
    r.Wx = k.x.T * pre
    r.Wh = k.h0.T * pre
    return r
  }
}
