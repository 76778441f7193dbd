// A minimal gated unit, samples in columns: one gate resets the state and writes the candidate.
import CellKit

struct MGU: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var f, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let f = sigmoid(p.Wf * x + p.Uf * previous.h + p.bf)
    let candidate = tanh(p.Wh * x + p.Uh * (f .* previous.h) + p.bh)
    let h = (1 - f) .* previous.h + f .* candidate
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, f: f, candidate: candidate))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (f, candidate, hPrevious) = (cache.f, cache.candidate, cache.hPrevious)

    let dCandidate = upstream.h .* f .* (1 - candidate .* candidate)
    let dReset = p.Uh.T * dCandidate
    // f writes the candidate, stops keeping, and scales the state that Uh sees.
    let df = (upstream.h .* (candidate - hPrevious) + dReset .* hPrevious) .* f .* (1 - f)

    var g = Gradients()
    g.x = p.Wf.T * df + p.Wh.T * dCandidate
    g.previous.h = (1 - f) .* upstream.h + f .* dReset + p.Uf.T * df

    g.Wf = df * cache.x.T
    g.Uf = df * hPrevious.T
    g.bf = df.sumOverColumns()

    g.Wh = dCandidate * cache.x.T
    g.Uh = dCandidate * (f .* hPrevious).T
    g.bh = dCandidate.sumOverColumns()
    return g
  }
}
