// A simple recurrent network over a whole sequence, samples in rows.
import CellKit

struct RNN: Unrolled {
  struct Cache {
    var x, hPrevious, h: Matrix
  }

  // MARK: One step, as in rnn-step

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let h = tanh(x * p.Wx + previous.h * p.Wh + p.b)
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, h: h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let da = upstream.h .* (1 - cache.h .* cache.h)

    var g = Gradients()
    g.x = da * p.Wx.T
    g.previous.h = da * p.Wh.T
    g.Wx = cache.x.T * da
    g.Wh = cache.hPrevious.T * da
    g.b = da.sumOverRows()
    return g
  }

  // MARK: All steps

  // One cache a step, the first step first.
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
    total.x = upstream.map { _ in Matrix.zeros(like: tape[0].x) }
    total.Wx = .zeros(like: p.Wx)
    total.Wh = .zeros(like: p.Wh)
    total.b = .zeros(like: p.b)

    // What the step after this one sends back; after the last step there is none.
    var fromLater = Matrix.zeros(like: tape[0].h)
    for t in upstream.indices.reversed() {
      let g = backward(Output(h: upstream[t].h + fromLater), tape[t], p)
      total.x[t] = g.x
      fromLater = g.previous.h
      // The parameters are shared by all steps.
      total.Wx += g.Wx
      total.Wh += g.Wh
      total.b += g.b
    }
    total.initial.h = fromLater
    return total
  }
}
