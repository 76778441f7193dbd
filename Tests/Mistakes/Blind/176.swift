import CellKit

struct LSTM: Unrolled {
  struct Cache {
    var concat, a0, c0, c1, a1: Matrix
    var ft, it, cct, ot, yt: Matrix
  }

  static func forward(_ xt: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let concat = Matrix.stacked(previous.h, xt)
    let ft = sigmoid(p.Wf * concat + p.bf)
    let it = sigmoid(p.Wi * concat + p.bi)
    let cct = tanh(p.Wc * concat + p.bc)
    let c1 = ft .* previous.c + it .* cct
    let ot = sigmoid(p.Wo * concat + p.bo)
    let a1 = ot .* tanh(c1)
    let yt = sigmoid(p.Wy * a1 + p.by)
    return (
      Output(h: a1, c: c1, y: yt),
      Cache(concat: concat, a0: previous.h, c0: previous.c, c1: c1, a1: a1, ft: ft, it: it, cct: cct, ot: ot, yt: yt)
    )
  }

  static func softmaxBack(_ d: Matrix, _ y: Matrix) -> Matrix {
    let dot = (d .* y).sumOverRows()
    return y .* d - y .* dot
  }

  static func backward(_ up: Output, _ s: Cache, _ p: Parameters) -> Gradients {
    let na = s.a1.rows
    let dy = softmaxBack(up.y, s.yt)
    let da = p.Wy.T * dy + up.h
    let tc = tanh(s.c1)
    let dot = da .* tc .* s.ot .* (1 - s.ot)
    let dc = up.c + s.ot .* (1 - tc .* tc) .* da
    let dcct = dc .* s.it .* (1 - s.cct .* s.cct)
    let dit = dc .* s.cct .* s.it .* (1 - s.it)
    let dft = dc .* s.c0 .* s.ft .* (1 - s.ft)
    let dconcat = p.Wf.T * dft + p.Wi.T * dit + p.Wc.T * dcct + p.Wo.T * dot

    var g = Gradients()
    g.previous.h = dconcat[rows: 0..<na]
    g.x = dconcat[rows: na..<dconcat.rows]
    g.previous.c = dc .* s.ft
    g.Wf = dft * s.concat.T
    g.Wi = dit * s.concat.T
    g.Wc = dcct * s.concat.T
    g.Wo = dot * s.concat.T
    g.Wy = dy * s.a1.T
    g.bf = dft.sumOverColumns()
    g.bi = dit.sumOverColumns()
    g.bc = dcct.sumOverColumns()
    g.bo = dot.sumOverColumns()
    g.by = dy.sumOverColumns()
    return g
  }

  typealias Tape = [Cache]

  static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], Tape) {
    var s = initial
    var result: ([Output], Tape) = ([], [])
    for t in 0..<x.count {
      let (o, c) = forward(x[t], s, p)
      s.h = o.h
      s.c = o.c
      result.0.append(o)
      result.1.append(c)
    }
    return result
  }

  static func backwardThroughTime(_ upstream: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients {
    var g = SequenceGradients()
    let T = tape.count
    var dx = [Matrix?](repeating: nil, count: T)
    var prev = State(h: Matrix.zeros(like: tape[0].a0), c: Matrix.zeros(like: tape[0].c0))
    for t in (0..<T).reversed() {
      var up = upstream[t]
      up.h += prev.h
      up.c += prev.c
      let s = backward(up, tape[t], p)
      dx[t] = s.x
      if t == T - 1 {
        g.Wf = s.Wf; g.Wi = s.Wi; g.Wc = s.Wc; g.Wo = s.Wo; g.Wy = s.Wy
        g.bf = s.bf; g.bi = s.bi; g.bc = s.bc; g.bo = s.bo; g.by = s.by
      } else {
        g.Wf += s.Wf; g.Wi += s.Wi; g.Wc += s.Wc; g.Wo += s.Wo; g.Wy += s.Wy
        g.bf += s.bf; g.bi += s.bi; g.bc += s.bc; g.bo += s.bo; g.by += s.by
      }
      prev = s.previous
    }
    g.x = dx.map { $0! }
    g.initial = prev
    return g
  }
}
