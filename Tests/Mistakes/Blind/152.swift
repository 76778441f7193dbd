import CellKit

struct GRU: Cell {
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

    let dr = top .* s.r .* s.c
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
}
