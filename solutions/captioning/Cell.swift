// A caption from a picture's feature: projection, word embedding, recurrent network, softmax loss with a mask.
import CellKit

struct CaptionRNN: Model {
  struct Tape {
    var batch: Batch
    var e: [Matrix]
    /// h_0, h_1, …, h_T.
    var h: [Matrix]
    /// The probabilities at each step.
    var probabilities: [Matrix]
  }

  // MARK: The parts of a step

  static func nextState(_ e: Matrix, _ previous: Matrix, _ p: Parameters) -> Matrix {
    tanh(e * p.Wx + previous * p.Wh + p.b)
  }

  static func scores(_ h: Matrix, _ p: Parameters) -> Matrix { h * p.Ws + p.bs }

  // MARK: Loss and gradients

  static func forward(_ batch: Batch, _ p: Parameters) -> (Output, Tape) {
    var o = Output()
    var tape = Tape(batch: batch, e: [], h: [batch.v * p.Wv + p.bv], probabilities: [])
    var total = 0.0
    for t in batch.x.indices {
      let e = batch.x[t] * p.E
      let h = nextState(e, tape.h[t], p)
      let s = scores(h, p)
      let probabilities = softmax(s)
      let likelihood = batch.m[t] .* batch.y[t] .* log(probabilities)
      total -= likelihood.elements.reduce(0, +)
      o.h.append(h)
      o.s.append(s)
      tape.e.append(e)
      tape.h.append(h)
      tape.probabilities.append(probabilities)
    }
    o.loss = total / Double(batch.v.rows)
    return (o, tape)
  }

  static func backward(_ tape: Tape, _ p: Parameters) -> Gradients {
    let batch = tape.batch
    var g = Gradients()
    (g.E, g.Wx, g.Wh, g.b) = (.zeros(like: p.E), .zeros(like: p.Wx), .zeros(like: p.Wh), .zeros(like: p.b))
    (g.Ws, g.bs) = (.zeros(like: p.Ws), .zeros(like: p.bs))
    var later = Matrix.zeros(like: tape.h[0])
    for t in batch.x.indices.reversed() {
      let ds = batch.m[t] .* (tape.probabilities[t] - batch.y[t]) / Double(batch.v.rows)
      g.Ws += tape.h[t + 1].T * ds
      g.bs += ds.sumOverRows()

      let h = tape.h[t + 1]
      let dz = (ds * p.Ws.T + later) .* (1 - h .* h)
      let de = dz * p.Wx.T
      g.Wx += tape.e[t].T * dz
      g.Wh += tape.h[t].T * dz
      g.b += dz.sumOverRows()
      g.E += batch.x[t].T * de
      later = dz * p.Wh.T
    }
    g.Wv = batch.v.T * later
    g.bv = later.sumOverRows()
    return g
  }

  // MARK: Writing

  static func sample(_ v: Matrix, _ first: Matrix, steps: Int, _ p: Parameters) -> [Matrix] {
    var h = v * p.Wv + p.bv
    var word = first
    var words: [Matrix] = []
    for _ in 0..<steps {
      h = nextState(word * p.E, h, p)
      word = likeliest(scores(h, p))
      words.append(word)
    }
    return words
  }

  /// A 1 in each row where the row is largest.
  static func likeliest(_ s: Matrix) -> Matrix {
    var word = Matrix.zeros(like: s)
    for row in 0..<s.rows {
      var best = 0
      for column in 0..<s.columns where s[row, column] > s[row, best] { best = column }
      word[row, best] = 1
    }
    return word
  }

  // MARK: Training

  static func train(_ data: [Batch], _ p: Parameters) -> Parameters {
    var p = p
    var adam = Adam(rate: 0.02)
    for round in 0..<120 {
      if round == 80 { adam.rate = 0.01 }
      for batch in data {
        let (_, tape) = forward(batch, p)
        adam.update(&p.blocks, by: backward(tape, p).blocks)
      }
    }
    return p
  }
}
