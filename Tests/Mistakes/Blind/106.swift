import CellKit

struct LSTM: Unrolled {
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
    let dC = dTc .* (1 - tc .* tc) + up.c
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

  typealias Tape = [Cache]

  static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], Tape) {
    var h = initial.h
    var c = initial.c
    var outs = [Output]()
    var tape = Tape()
    for xt in x {
      let (o, k) = forward(xt, State(h: h, c: c), p)
      h = o.h
      c = o.c
      outs.append(Output(h: h, c: c))
      tape.append(k)
    }
    return (outs, tape)
  }

  static func backwardThroughTime(_ up: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients {
    var sum = SequenceGradients()
    var xs: [Matrix] = []
    var dWx = Matrix.zeros(like: p.Wx)
    var dWh = Matrix.zeros(like: p.Wh)
    var db = Matrix.zeros(like: p.b)
    var dhNext = Matrix.zeros(like: tape[0].h0)
    var dcNext = Matrix.zeros(like: tape[0].h0)
    var t = tape.count - 1
    while t >= 0 {
      let dh = up[t].h + dhNext
      let dc = up[t].c + dcNext
      let g = backward(Output(h: dh, c: dc), tape[t], p)
      xs.insert(g.x, at: 0)
      dWx += g.Wx
      dWh += g.Wh
      db += g.b
      dhNext = g.previous.h
      dcNext = g.previous.c .* tape[t].gates.splitColumns(4)[1]
      t -= 1
    }
    sum.x = xs
    sum.Wx = dWx
    sum.Wh = dWh
    sum.b = db
    sum.initial.h = dhNext
    sum.initial.c = dcNext
    return sum
  }
}
