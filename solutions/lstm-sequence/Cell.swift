// An LSTM with packed gates in the order i, f, o, g over a whole sequence, samples in rows.
import CellKit

struct LSTM: Unrolled {
  struct Cache {
    var x, hPrevious, cPrevious: Matrix
    var i, f, o, g: Matrix
    var tanhC: Matrix
  }

  // MARK: One step, as in lstm-step

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let a = (x * p.Wx + previous.h * p.Wh + p.b).splitColumns(4)
    let i = sigmoid(a[0])
    let f = sigmoid(a[1])
    let o = sigmoid(a[2])
    let g = tanh(a[3])

    let c = f .* previous.c + i .* g
    let tanhC = tanh(c)
    let h = o .* tanhC
    let cache = Cache(x: x, hPrevious: previous.h, cPrevious: previous.c, i: i, f: f, o: o, g: g, tanhC: tanhC)
    return (Output(h: h, c: c), cache)
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (i, f, o, g) = (cache.i, cache.f, cache.o, cache.g)
    let dc = upstream.c + upstream.h .* o .* (1 - cache.tanhC .* cache.tanhC)
    let da = Matrix.beside(
      dc .* g .* i .* (1 - i),
      dc .* cache.cPrevious .* f .* (1 - f),
      upstream.h .* cache.tanhC .* o .* (1 - o),
      dc .* i .* (1 - g .* g)
    )

    var gradients = Gradients()
    gradients.x = da * p.Wx.T
    gradients.previous.h = da * p.Wh.T
    gradients.previous.c = dc .* f
    gradients.Wx = cache.x.T * da
    gradients.Wh = cache.hPrevious.T * da
    gradients.b = da.sumOverRows()
    return gradients
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
    total.x = tape.map { .zeros(like: $0.x) }
    total.Wx = .zeros(like: p.Wx)
    total.Wh = .zeros(like: p.Wh)
    total.b = .zeros(like: p.b)

    // Two things come back from the next step, and neither may be lost on the way: one along h, one along c.
    var later = State(h: .zeros(like: tape[0].hPrevious), c: .zeros(like: tape[0].cPrevious))
    for t in tape.indices.reversed() {
      let arriving = Output(h: upstream[t].h + later.h, c: upstream[t].c + later.c)
      let g = backward(arriving, tape[t], p)
      total.x[t] = g.x
      later = g.previous
      total.Wx += g.Wx
      total.Wh += g.Wh
      total.b += g.b
    }
    total.initial = later
    return total
  }
}
