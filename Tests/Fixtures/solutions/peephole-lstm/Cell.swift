// An LSTM with peepholes, samples in columns: i and f see the old memory, o sees the new one.
import CellKit

struct PeepholeLSTM: Cell {
  struct Cache {
    var x, hPrevious, cPrevious: Matrix
    var i, f, o, candidate: Matrix
    var c, tanhC: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let i = sigmoid(p.Wi * x + p.Ui * previous.h + p.Vi .* previous.c + p.bi)
    let f = sigmoid(p.Wf * x + p.Uf * previous.h + p.Vf .* previous.c + p.bf)
    let candidate = tanh(p.Wc * x + p.Uc * previous.h + p.bc)
    let c = f .* previous.c + i .* candidate
    let o = sigmoid(p.Wo * x + p.Uo * previous.h + p.Vo .* c + p.bo)
    let tanhC = tanh(c)
    let cache = Cache(
      x: x, hPrevious: previous.h, cPrevious: previous.c, i: i, f: f, o: o, candidate: candidate, c: c, tanhC: tanhC)
    return (Output(h: o .* tanhC, c: c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (i, f, o, candidate) = (cache.i, cache.f, cache.o, cache.candidate)

    // The output gate comes first, because it sees c: three roads lead back to the memory.
    let dO = upstream.h .* cache.tanhC .* o .* (1 - o)
    let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC) + p.Vo .* dO

    let df = dc .* cache.cPrevious .* f .* (1 - f)
    let di = dc .* candidate .* i .* (1 - i)
    let dCandidate = dc .* i .* (1 - candidate .* candidate)

    var g = Gradients()
    g.x = p.Wi.T * di + p.Wf.T * df + p.Wo.T * dO + p.Wc.T * dCandidate
    g.previous.h = p.Ui.T * di + p.Uf.T * df + p.Uo.T * dO + p.Uc.T * dCandidate
    g.previous.c = f .* dc + p.Vi .* di + p.Vf .* df

    g.Wi = di * cache.x.T
    g.Ui = di * cache.hPrevious.T
    g.Vi = (di .* cache.cPrevious).sumOverColumns()
    g.bi = di.sumOverColumns()

    g.Wf = df * cache.x.T
    g.Uf = df * cache.hPrevious.T
    g.Vf = (df .* cache.cPrevious).sumOverColumns()
    g.bf = df.sumOverColumns()

    g.Wo = dO * cache.x.T
    g.Uo = dO * cache.hPrevious.T
    g.Vo = (dO .* cache.c).sumOverColumns()
    g.bo = dO.sumOverColumns()

    g.Wc = dCandidate * cache.x.T
    g.Uc = dCandidate * cache.hPrevious.T
    g.bc = dCandidate.sumOverColumns()
    return g
  }
}
