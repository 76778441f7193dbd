// A text, character by character: an LSTM with packed gates (i, f, o, g), a softmax loss with a mask, sampling, clipping.
import CellKit

struct CharacterLSTM: Model {
  /// What a step keeps.
  struct Step {
    var hPrevious, cPrevious: Matrix
    var i, f, o, g: Matrix
    var tanhC, h, probabilities: Matrix
  }

  struct Tape {
    var batch: Batch
    var steps: [Step]
    /// How many targets count.
    var count: Double
  }

  // MARK: One step

  static func step(_ x: Matrix, _ h: Matrix, _ c: Matrix, _ p: Parameters) -> (c: Matrix, s: Matrix, kept: Step) {
    let a = (x * p.Wx + h * p.Wh + p.b).splitColumns(4)
    let (i, f, o, g) = (sigmoid(a[0]), sigmoid(a[1]), sigmoid(a[2]), tanh(a[3]))
    let next = f .* c + i .* g
    let tanhC = tanh(next)
    let output = o .* tanhC
    let s = output * p.Ws + p.bs
    let kept = Step(
      hPrevious: h, cPrevious: c, i: i, f: f, o: o, g: g, tanhC: tanhC, h: output, probabilities: softmax(s))
    return (next, s, kept)
  }

  // MARK: Loss and gradients

  static func forward(_ batch: Batch, _ p: Parameters) -> (Output, Tape) {
    var o = Output()
    var h = Matrix.zeros(batch.x[0].rows, p.Wh.rows)
    var c = h
    let count = batch.m.reduce(0) { $0 + $1.elements.reduce(0, +) }
    var tape = Tape(batch: batch, steps: [], count: count)
    var total = 0.0
    for t in batch.x.indices {
      let (next, s, kept) = step(batch.x[t], h, c, p)
      (h, c) = (kept.h, next)
      total -= (batch.m[t] .* batch.y[t] .* log(kept.probabilities)).elements.reduce(0, +)
      o.h.append(h)
      o.c.append(c)
      o.s.append(s)
      tape.steps.append(kept)
    }
    o.loss = total / count
    return (o, tape)
  }

  static func backward(_ tape: Tape, _ p: Parameters) -> Gradients {
    var g = Gradients()
    g.blocks = p.blocks.map { .zeros(like: $0) }
    var dhLater = Matrix.zeros(like: tape.steps[0].h)
    var dcLater = dhLater
    for t in tape.steps.indices.reversed() {
      let k = tape.steps[t]
      let ds = tape.batch.m[t] .* (k.probabilities - tape.batch.y[t]) / tape.count
      g.Ws += k.h.T * ds
      g.bs += ds.sumOverRows()

      let dh = ds * p.Ws.T + dhLater
      let dc = dcLater + dh .* k.o .* (1 - k.tanhC .* k.tanhC)
      let da = Matrix.beside(
        dc .* k.g .* k.i .* (1 - k.i),
        dc .* k.cPrevious .* k.f .* (1 - k.f),
        dh .* k.tanhC .* k.o .* (1 - k.o),
        dc .* k.i .* (1 - k.g .* k.g)
      )
      g.Wx += tape.batch.x[t].T * da
      g.Wh += k.hPrevious.T * da
      g.b += da.sumOverRows()
      dhLater = da * p.Wh.T
      dcLater = dc .* k.f
    }
    return g
  }

  // MARK: Writing

  static func sample(_ first: Matrix, random: [Matrix], temperature: Double, _ p: Parameters) -> [Matrix] {
    var h = Matrix.zeros(first.rows, p.Wh.rows)
    var c = h
    var character = first
    var text: [Matrix] = []
    for u in random {
      let (next, s, kept) = step(character, h, c, p)
      (h, c) = (kept.h, next)
      let probabilities = softmax(s / temperature)
      character = .zeros(like: first)
      for row in 0..<first.rows { character[row, chosen(probabilities[rows: row..<row + 1], u[row, 0])] = 1 }
      text.append(character)
    }
    return text
  }

  /// The first entry at which the probabilities, added up, are larger than u.
  static func chosen(_ probabilities: Matrix, _ u: Double) -> Int {
    var sum = 0.0
    for (k, probability) in probabilities.elements.enumerated() {
      sum += probability
      if sum > u { return k }
    }
    // Rounding can leave the whole sum a little below 1.
    return probabilities.columns - 1
  }

  // MARK: Training

  static func clip(_ g: Gradients, to limit: Double) -> (Gradients, Double) {
    var squares = 0.0
    for block in g.blocks { for entry in block.elements { squares += entry * entry } }
    let norm = sqrt(squares)
    guard norm > limit else { return (g, norm) }
    var clipped = g
    clipped.blocks = g.blocks.map { limit / norm .* $0 }
    return (clipped, norm)
  }

  static func train(_ data: [Batch], _ p: Parameters) -> Parameters {
    var p = p
    // An open forget gate to begin with.
    let hidden = p.Wh.rows
    p.b[columns: hidden..<2 * hidden] = Matrix(rows: 1, columns: hidden, repeating: 1)
    var adam = Adam(rate: 0.02)
    for _ in 0..<24 {
      for batch in data {
        let (_, tape) = forward(batch, p)
        let (g, _) = clip(backward(tape, p), to: 1)
        adam.update(&p.blocks, by: g.blocks)
      }
    }
    return p
  }
}
