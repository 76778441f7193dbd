// A GRU whose update gate writes, samples in columns; the reset gate acts before the product with Wc.
import CellKit

struct GRU: Cell {
  struct Cache {
    var v, q, cPrevious: Matrix  // v is [c; x], q is [r .* c; x], both with the old state on top of the input
    var update, reset, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let v = Matrix.stacked(previous.c, x)
    let update = sigmoid(p.Wu * v + p.bu)
    let reset = sigmoid(p.Wr * v + p.br)
    let q = Matrix.stacked(reset .* previous.c, x)
    let candidate = tanh(p.Wc * q + p.bc)
    let c = update .* candidate + (1 - update) .* previous.c
    return (
      Output(c: c), Cache(v: v, q: q, cPrevious: previous.c, update: update, reset: reset, candidate: candidate)
    )
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (update, reset, candidate, cPrevious) = (cache.update, cache.reset, cache.candidate, cache.cPrevious)
    let hidden = cPrevious.rows
    let all = cache.v.rows

    // The candidate, and what went into its product: the reset state on top, the input below.
    let dCandidate = upstream.c .* update .* (1 - candidate .* candidate)
    let dq = p.Wc.T * dCandidate
    let dResetState = dq[rows: 0..<hidden]

    // The gates: a larger update writes more of the candidate and keeps less of the old state.
    let du = upstream.c .* (candidate - cPrevious) .* update .* (1 - update)
    let dr = dResetState .* cPrevious .* reset .* (1 - reset)
    let dv = p.Wu.T * du + p.Wr.T * dr

    var g = Gradients()
    g.x = dv[rows: hidden..<all] + dq[rows: hidden..<all]
    // Kept directly, through the reset state, and through both gates at once in dv.
    g.previous.c = (1 - update) .* upstream.c + reset .* dResetState + dv[rows: 0..<hidden]

    g.Wu = du * cache.v.T
    g.bu = du.sumOverColumns()
    g.Wr = dr * cache.v.T
    g.br = dr.sumOverColumns()
    g.Wc = dCandidate * cache.q.T
    g.bc = dCandidate.sumOverColumns()
    return g
  }
}
