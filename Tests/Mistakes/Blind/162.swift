import CellKit

struct GRU: Unrolled {
  struct Cache {
    var x, c, u, r, n: Matrix  // n: what is new
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let c = previous.c
    let both = Matrix.stacked(c, x)
    let r = sigmoid(p.Wr * both + p.br)
    let u = sigmoid(p.Wu * both + p.bu)
    let n = tanh(p.Wc * Matrix.stacked(r .* c, x) + p.bc)
    let next = c + u .* (n - c)
    return (Output(c: next), Cache(x: x, c: c, u: u, r: r, n: n))
  }

  static func backward(_ upstream: Output, _ s: Cache, _ p: Parameters) -> Gradients {
    let d = upstream.c
    let H = s.c.rows
    let both = Matrix.stacked(s.c, s.x)
    let resetBoth = Matrix.stacked(s.r .* s.c, s.x)

    let dn = d .* s.u
    let an = dn .* (1 - s.n .* s.n)
    let into = p.Wc.T * an
    let top = into[rows: 0..<H]
    let bottom = into[rows: H..<into.rows]

    let dr = top .* s.c
    let ar = dr .* s.r .* (1 - s.r)
    let du = d .* (s.n - s.c)
    let au = du .* s.u .* (1 - s.u)

    let gates = p.Wr.T * ar + p.Wu.T * au
    var dc = d .* (1 - s.u)
    dc += top .* s.r
    dc += gates[rows: 0..<H]
    let dx = gates[rows: H..<gates.rows] + bottom

    var g = Gradients()
    g.previous.c = dc
    g.x = dx
    g.Wc = an * resetBoth.T
    g.Wr = ar * both.T
    g.Wu = au * both.T
    g.bc = an.sumOverColumns()
    g.br = ar.sumOverColumns()
    g.bu = au.sumOverColumns()
    return g
  }

  struct Tape { var steps: [Cache]; var start: Matrix }

  static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], Tape) {
    var memory = initial
    var outputs: [Output] = []
    var steps: [Cache] = []
    for t in x.indices {
      let (out, cache) = forward(x[t], memory, p)
      memory = State(c: out.c)
      outputs.append(memory)
      steps.append(cache)
    }
    return (outputs, Tape(steps: steps, start: initial.c))
  }

  static func backwardThroughTime(_ upstream: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients {
    let T = upstream.count
    var grads = [Gradients](repeating: Gradients(), count: T)
    var future = Matrix.zeros(like: tape.start)
    for k in 1...T {
      let t = T - k
      let total = upstream[t].c + future
      grads[t] = backward(Output(c: total), tape.steps[t], p)
      future = grads[t].previous.c
    }
    var g = SequenceGradients()
    g.initial.c = future + upstream[0].c
    g.x = grads.map { $0.x }
    g.Wu = grads.dropFirst().reduce(grads[0].Wu) { $0 + $1.Wu }
    g.Wr = grads.dropFirst().reduce(grads[0].Wr) { $0 + $1.Wr }
    g.Wc = grads.dropFirst().reduce(grads[0].Wc) { $0 + $1.Wc }
    g.bu = grads.dropFirst().reduce(grads[0].bu) { $0 + $1.bu }
    g.br = grads.dropFirst().reduce(grads[0].br) { $0 + $1.br }
    g.bc = grads.dropFirst().reduce(grads[0].bc) { $0 + $1.bc }
    return g
  }
}
