// An LSTM on [h; x] with a softmax layer on top, samples in columns: one step, and the loop over T_x.
import CellKit

struct LSTM: Unrolled {
  struct Cache {
    var x, v, cPrevious: Matrix  // v is [h; x], the old state on top of the input
    var f, i, o, candidate: Matrix
    var tanhC, h, y: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let v = Matrix.stacked(previous.h, x)
    let f = sigmoid(p.Wf * v + p.bf)
    let i = sigmoid(p.Wi * v + p.bi)
    let candidate = tanh(p.Wc * v + p.bc)
    let o = sigmoid(p.Wo * v + p.bo)

    let c = f .* previous.c + i .* candidate
    let tanhC = tanh(c)
    let h = o .* tanhC
    let y = softmax(p.Wy * h + p.by)
    let cache = Cache(
      x: x, v: v, cPrevious: previous.c, f: f, i: i, o: o, candidate: candidate, tanhC: tanhC, h: h, y: y)
    return (Output(h: h, c: c, y: y), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (f, i, o, candidate, y) = (cache.f, cache.i, cache.o, cache.candidate, cache.y)

    // The softmax: the probabilities of a sample share a denominator, so each gradient loses their weighted mean.
    let mean = (upstream.y .* y).sumOverRows()
    let dy = y .* (upstream.y - mean)

    // h reaches the loss from outside this step and through y, c from outside and through h.
    let dh = upstream.h + p.Wy.T * dy
    let dc = upstream.c + dh .* o .* (1 - cache.tanhC .* cache.tanhC)

    // Gradients by the pre-activations.
    let df = dc .* cache.cPrevious .* f .* (1 - f)
    let di = dc .* candidate .* i .* (1 - i)
    let dCandidate = dc .* i .* (1 - candidate .* candidate)
    let dO = dh .* cache.tanhC .* o .* (1 - o)

    // v goes into all four; its upper part is the old state, the rest the input.
    let dv = p.Wf.T * df + p.Wi.T * di + p.Wc.T * dCandidate + p.Wo.T * dO
    let hidden = cache.h.rows

    var g = Gradients()
    g.x = dv[rows: hidden..<dv.rows]
    g.previous.h = dv[rows: 0..<hidden]
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
    var state = initial
    var outputs: [Output] = []
    var tape: Tape = []
    for input in x {
      let (output, cache) = forward(input, state, p)
      outputs.append(output)
      tape.append(cache)
      // The probabilities go out; only h and c go on.
      state = State(h: output.h, c: output.c)
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

    // From step t + 1 something comes back along h and along c, and nothing along y.
    var later = State(h: .zeros(like: tape[0].h), c: .zeros(like: tape[0].cPrevious))
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
