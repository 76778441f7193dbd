// A GRU whose update gate writes, over a whole sequence, samples in columns.
import CellKit

struct GRU: Unrolled {
  struct Cache {
    var v, q, cPrevious: Matrix  // v is [c; x], q is [r .* c; x], both with the old state on top of the input
    var update, reset, candidate: Matrix
  }

  // MARK: One step, as in gru-step

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
      state = output
    }
    return (outputs, tape)
  }

  static func backwardThroughTime(_ upstream: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients {
    var total = SequenceGradients()
    total.Wu = .zeros(like: p.Wu)
    total.bu = .zeros(like: p.bu)
    total.Wr = .zeros(like: p.Wr)
    total.br = .zeros(like: p.br)
    total.Wc = .zeros(like: p.Wc)
    total.bc = .zeros(like: p.bc)

    // The way back meets the last step first, so the gradients by x are turned round at the end.
    var backwards: [Matrix] = []
    var later = Matrix.zeros(like: tape[0].cPrevious)
    for (own, cache) in zip(upstream, tape).reversed() {
      let g = backward(Output(c: own.c + later), cache, p)
      backwards.append(g.x)
      later = g.previous.c
      total.Wu += g.Wu
      total.bu += g.bu
      total.Wr += g.Wr
      total.br += g.br
      total.Wc += g.Wc
      total.bc += g.bc
    }
    total.x = backwards.reversed()
    total.initial.c = later
    return total
  }
}
