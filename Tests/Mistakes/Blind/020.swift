import CellKit

struct RNN: Unrolled {
  struct Cache { let xt, h0, h1: Matrix }

  static func forward(_ xt: Matrix, _ prev: State, _ w: Parameters) -> (Output, Cache) {
    let z = prev.h * w.Wh + w.b + xt * w.Wx
    let h1 = tanh(z)
    return (Output(h: h1), Cache(xt: xt, h0: prev.h, h1: h1))
  }

  static func backward(_ dout: Output, _ k: Cache, _ w: Parameters) -> Gradients {
    let slope = 1 - k.h1 .* k.h1
    let dz = slope .* dout.h
    var grads = Gradients()
    grads.b = dz.sumOverRows()
    grads.Wx = (dz.T * k.xt).T
    grads.Wh = (dz.T * k.h0).T
    grads.x = (w.Wx * dz.T).T
    grads.previous.h = (w.Wh * dz.T).T
    return grads
  }

  struct Tape { var inputs: [Matrix]; var states: [Matrix] }  // states[0] is h_0

  static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], Tape) {
    var states = [initial.h]
    for input in x {
      states.append(tanh(input * p.Wx + states.last! * p.Wh + p.b))
    }
    let outputs = states.dropFirst().map { Output(h: $0) }
    return (Array(outputs), Tape(inputs: x, states: states))
  }

  static func backwardThroughTime(_ upstream: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients {
    let last = upstream.count - 1
    // errors[t] is the gradient by the pre-activation of step t
    var errors = [Matrix](repeating: Matrix.zeros(like: tape.states[0]), count: last + 1)
    var dh = upstream[last].h
    for t in (0...last).reversed() {
      let h = tape.states[t + 1]
      errors[t] = dh .* (1 - h .* h)
      dh = errors[t] * p.Wh.T
      if t > 0 { dh += upstream[t - 1].h }
    }
    var g = SequenceGradients()
    g.initial.h = errors[0]
    g.x = errors.map { $0 * p.Wx.T }
    g.Wx = .zeros(like: p.Wx)
    g.Wh = .zeros(like: p.Wh)
    g.b = .zeros(like: p.b)
    for t in 0...last {
      g.Wx += tape.inputs[t].T * errors[t]
      g.Wh += tape.states[t].T * errors[t]
      g.b += errors[t].sumOverRows()
    }
    return g
  }
}
