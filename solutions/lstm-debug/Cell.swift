// An LSTM with an output layer over T_x steps, samples in columns: the listing, repaired.
import CellKit

struct LSTM: Unrolled {
  struct Cache {
    var x, v, cPrevious: Matrix
    var f, i, o, candidate: Matrix
    var c, tanhC, h, y: Matrix
  }

  // MARK: One step

  static func forward(_ x_t: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    // The old state on top of the input.
    let v = Matrix.stacked(previous.h, x_t)

    let f = sigmoid(p.Wf * v + p.bf)
    let i = sigmoid(p.Wi * v + p.bi)
    let candidate = tanh(p.Wc * v + p.bc)
    let c = f .* previous.c + i .* candidate
    let o = sigmoid(p.Wo * v + p.bo)
    let h = o .* tanh(c)

    // The prediction of this step.
    let y = softmax(p.Wy * h + p.by)

    let cache = Cache(
      x: x_t, v: v, cPrevious: previous.c, f: f, i: i, o: o, candidate: candidate, c: c, tanhC: tanh(c), h: h, y: y)
    return (Output(h: h, c: c, y: y), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (f, i, o, candidate, y) = (cache.f, cache.i, cache.o, cache.candidate, cache.y)

    let dy = y .* (upstream.y - (upstream.y .* y).sumOverRows())
    let dh = upstream.h + p.Wy.T * dy
    let dc = upstream.c + dh .* o .* (1 - cache.tanhC .* cache.tanhC)

    let df = dc .* cache.cPrevious .* f .* (1 - f)
    let di = dc .* candidate .* i .* (1 - i)
    let dCandidate = dc .* i .* (1 - candidate .* candidate)
    let dO = dh .* cache.tanhC .* o .* (1 - o)

    let dv = p.Wf.T * df + p.Wi.T * di + p.Wc.T * dCandidate + p.Wo.T * dO
    let hidden = cache.h.rows

    var g = Gradients()
    g.previous.h = dv[rows: 0..<hidden]
    g.x = dv[rows: hidden..<dv.rows]
    g.previous.c = f .* dc

    g.Wf = df * cache.v.T
    g.bf = df.sumOverColumns()
    g.Wi = di * cache.v.T
    g.bi = di.sumOverColumns()
    g.Wc = dCandidate * cache.v.T
    g.bc = dCandidate.sumOverColumns()
    g.Wo = dO * cache.v.T
    g.bo = dO.sumOverColumns()
    g.Wy = dy * cache.h.T
    g.by = dy.sumOverColumns()
    return g
  }

  // MARK: All steps

  typealias Tape = [Cache]

  static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], Tape) {
    var outputs: [Output] = []
    var tape: Tape = []
    for t in x.indices {
      let previous = t == 0 ? initial : State(h: outputs[t - 1].h, c: outputs[t - 1].c)
      let (output, cache) = forward(x[t], previous, p)
      outputs.append(output)
      tape.append(cache)
    }
    return (outputs, tape)
  }

  static func backwardThroughTime(_ upstream: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients {
    var total = SequenceGradients()
    total.x = tape.map { .zeros(like: $0.x) }
    total.Wf = .zeros(like: p.Wf)
    total.bf = .zeros(like: p.bf)
    total.Wi = .zeros(like: p.Wi)
    total.bi = .zeros(like: p.bi)
    total.Wc = .zeros(like: p.Wc)
    total.bc = .zeros(like: p.bc)
    total.Wo = .zeros(like: p.Wo)
    total.bo = .zeros(like: p.bo)
    total.Wy = .zeros(like: p.Wy)
    total.by = .zeros(like: p.by)

    var later = State(h: .zeros(like: tape[0].h), c: .zeros(like: tape[0].c))
    for t in tape.indices.reversed() {
      let arriving = Output(h: upstream[t].h + later.h, c: upstream[t].c + later.c, y: upstream[t].y)
      let g = backward(arriving, tape[t], p)
      later = g.previous
      total.x[t] = g.x
      total.Wf += g.Wf
      total.bf += g.bf
      total.Wi += g.Wi
      total.bi += g.bi
      total.Wc += g.Wc
      total.bc += g.bc
      total.Wo += g.Wo
      total.bo += g.bo
      total.Wy += g.Wy
      total.by += g.by
    }
    total.initial = later
    return total
  }
}
