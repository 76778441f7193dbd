// The LSTM of NNDL, samples in columns, with matrices of its own for each gate.
import CellKit

struct LSTM: Cell {
  struct Cache {
    var x, hPrevious, cPrevious: Matrix
    var f, i, o, candidate: Matrix
    var tanhC: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let f = sigmoid(p.Wf * x + p.Uf * previous.h + p.bf)
    let i = sigmoid(p.Wi * x + p.Ui * previous.h + p.bi)
    let o = sigmoid(p.Wo * x + p.Uo * previous.h + p.bo)
    let candidate = tanh(p.Wc * x + p.Uc * previous.h + p.bc)

    let c = f .* previous.c + i .* candidate
    let tanhC = tanh(c)
    let h = o .* tanhC
    let cache = Cache(
      x: x, hPrevious: previous.h, cPrevious: previous.c, f: f, i: i, o: o, candidate: candidate, tanhC: tanhC)
    return (Output(h: h, c: c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (f, i, o, candidate) = (cache.f, cache.i, cache.o, cache.candidate)

    // c reaches the loss from outside this step, and through h = o ⊙ tanh(c).
    let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)

    // Gradients by the pre-activations: first through the product, then through σ or tanh.
    let df = dc .* cache.cPrevious .* f .* (1 - f)
    let di = dc .* candidate .* i .* (1 - i)
    let dO = upstream.h .* cache.tanhC .* o .* (1 - o)
    let dCandidate = dc .* i .* (1 - candidate .* candidate)

    var g = Gradients()
    // x and the old h feed all four products; the old c is only scaled by the forget gate.
    g.x = p.Wf.T * df + p.Wi.T * di + p.Wo.T * dO + p.Wc.T * dCandidate
    g.previous.h = p.Uf.T * df + p.Ui.T * di + p.Uo.T * dO + p.Uc.T * dCandidate
    g.previous.c = f .* dc

    g.Wf = df * cache.x.T
    g.Uf = df * cache.hPrevious.T
    g.bf = df.sumOverColumns()

    g.Wi = di * cache.x.T
    g.Ui = di * cache.hPrevious.T
    g.bi = di.sumOverColumns()

    g.Wo = dO * cache.x.T
    g.Uo = dO * cache.hPrevious.T
    g.bo = dO.sumOverColumns()

    g.Wc = dCandidate * cache.x.T
    g.Uc = dCandidate * cache.hPrevious.T
    g.bc = dCandidate.sumOverColumns()
    return g
  }
}
