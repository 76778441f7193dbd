// A gate that is nearly shut: h = (1 - k) ⊙ hPrevious + k ⊙ tanh(z) with z = U hPrevious + W x + b and
// k = σ(Uᵀ hPrevious + W x + b - 4). What is let in is bounded, so a large U cannot make the state run away.
import CellKit

struct Remedy: Cell {
  struct Cache {
    var x, hPrevious: Matrix
    var gate, candidate: Matrix
  }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    let arriving = p.W * x + p.b
    let gate = sigmoid(p.U.T * previous.h + arriving - 4.0)
    let candidate = tanh(p.U * previous.h + arriving)
    let h = (1 - gate) .* previous.h + gate .* candidate
    return (Output(h: h), Cache(x: x, hPrevious: previous.h, gate: gate, candidate: candidate))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    let (gate, candidate) = (cache.gate, cache.candidate)
    let dGate = upstream.h .* (candidate - cache.hPrevious) .* gate .* (1 - gate)
    let dCandidate = upstream.h .* gate .* (1 - candidate .* candidate)
    let both = dGate + dCandidate

    var g = Gradients()
    g.x = p.W.T * both
    // Three roads: kept, through the gate, through the candidate.
    g.previous.h = upstream.h .* (1 - gate) + p.U * dGate + p.U.T * dCandidate
    // The gate sees the transpose of U.
    g.U = cache.hPrevious * dGate.T + dCandidate * cache.hPrevious.T
    g.W = both * cache.x.T
    g.b = both.sumOverColumns()
    return g
  }
}
