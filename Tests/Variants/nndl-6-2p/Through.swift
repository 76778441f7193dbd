// All steps, the gradients of the parameters added up in place.
extension LSTM: Unrolled {
  static func forwardThroughTime(_ x: [Matrix], _ initial: State, _ p: Parameters) -> ([Output], [Cache]) {
    var steps: [(Output, Cache)] = []
    for input in x {
      let previous = steps.last.map { State(h: $0.0.h, c: $0.0.c) } ?? initial
      steps.append(forward(input, previous, p))
    }
    return (steps.map(\.0), steps.map(\.1))
  }

  static func backwardThroughTime(_ upstream: [Output], _ tape: [Cache], _ p: Parameters) -> SequenceGradients {
    let parts: [(WritableKeyPath<SequenceGradients, Matrix>, KeyPath<Gradients, Matrix>)] = [
      (\.Wf, \.Wf), (\.bf, \.bf), (\.Wi, \.Wi), (\.bi, \.bi), (\.Wc, \.Wc), (\.bc, \.bc), (\.Wo, \.Wo), (\.bo, \.bo),
      (\.Wy, \.Wy), (\.by, \.by),
    ]
    var total = SequenceGradients()
    var arriving = upstream[tape.count - 1]
    for t in tape.indices.reversed() {
      let g = backward(arriving, tape[t], p)
      total.x.insert(g.x, at: 0)
      for (sum, part) in parts {
        if t == tape.count - 1 {
          total[keyPath: sum] = g[keyPath: part]
        } else {
          total[keyPath: sum] += g[keyPath: part]
        }
      }
      total.initial = g.previous
      if t > 0 {
        arriving = upstream[t - 1]
        arriving.h += g.previous.h
        arriving.c += g.previous.c
      }
    }
    return total
  }
}
