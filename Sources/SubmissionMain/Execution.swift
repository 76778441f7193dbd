// One execution of one call: bytes in, the learner's functions, bytes out.

import CellKit
import Wire

extension Program: Executable {
  /// Reads the call's matrices, calls the cell and returns an answer, or nil when the call does not fit the cell.
  func execute(_ call: WireCall) -> [UInt8]? {
    var reader = WireReader(call.body)
    var writer = WireWriter()
    switch call.kind {
    case .forward:
      guard let x = reader.matrices(counts.inputs), let previous = reader.matrices(counts.states),
        let parameters = reader.matrices(counts.parameters)
      else { return nil }
      let (output, _) = forward(x, previous, parameters)
      writer.append(.outputs, [output], width: counts.outputs)
    case .backward:
      guard let x = reader.matrices(counts.inputs), let previous = reader.matrices(counts.states),
        let parameters = reader.matrices(counts.parameters), let upstream = reader.matrices(counts.outputs)
      else { return nil }
      let (output, cache) = forward(x, previous, parameters)
      let gradients = backward(upstream, cache, parameters)
      writer.append(.outputs, [output], width: counts.outputs)
      writer.append(.inputGradients, [gradients.inputs], width: counts.inputs)
      writer.append(.stateGradients, [gradients.previous], width: counts.states)
      writer.append(.parameterGradients, [gradients.parameters], width: counts.parameters)
    case .forwardThroughTime:
      guard let forwardThroughTime, let initial = reader.matrices(counts.states),
        let parameters = reader.matrices(counts.parameters), let x = reader.steps(call.steps, of: counts.inputs)
      else { return nil }
      let (outputs, _) = forwardThroughTime(x, initial, parameters)
      writer.append(.outputs, outputs, width: counts.outputs)
    case .backwardThroughTime:
      guard let forwardThroughTime, let backwardThroughTime, let initial = reader.matrices(counts.states),
        let parameters = reader.matrices(counts.parameters), let x = reader.steps(call.steps, of: counts.inputs),
        let upstream = reader.steps(call.steps, of: counts.outputs)
      else { return nil }
      let (outputs, tape) = forwardThroughTime(x, initial, parameters)
      let gradients = backwardThroughTime(upstream, tape, parameters)
      writer.append(.outputs, outputs, width: counts.outputs)
      writer.append(.inputGradients, gradients.inputs, width: counts.inputs)
      writer.append(.stateGradients, [gradients.initial], width: counts.states)
      writer.append(.parameterGradients, [gradients.parameters], width: counts.parameters)
    case .flow:
      guard let initial = reader.matrices(counts.states), let parameters = reader.matrices(counts.parameters),
        let x = reader.steps(call.steps, of: counts.inputs), let upstream = reader.steps(call.steps, of: counts.outputs)
      else { return nil }
      let (outputs, totals) = flow(x, initial, parameters, upstream)
      writer.append(.outputs, outputs, width: counts.outputs)
      writer.append(.stateGradients, totals, width: counts.states)
    case .modelForward, .modelGradients, .modelSample, .modelClip, .modelTrain: return nil
    }
    return reader.bytes.isEmpty ? writer.bytes : nil
  }

  /// Unrolls the learner's own step forward and back, and gives the gradient that reaches each state of steps 0…T
  /// from outside its step: the step's own upstream plus what the next step's backward says of its previous state.
  ///
  /// An upstream that is not set is zero, in the shape of the learner's output.
  private func flow(
    _ x: [[Matrix]], _ initial: [Matrix], _ parameters: [Matrix], _ upstream: [[Matrix]]
  ) -> (outputs: [[Matrix]], totals: [[Matrix]]) {
    var outputs: [[Matrix]] = []
    var caches: [Any] = []
    var state = initial
    for input in x {
      let (output, cache) = forward(input, state, parameters)
      outputs.append(output)
      caches.append(cache)
      state = Array(output.prefix(counts.states))
    }
    let nothing = [Matrix](repeating: .notSet, count: counts.states)
    var totals = [[Matrix]](repeating: nothing, count: x.count + 1)
    var arriving = nothing
    for step in x.indices.reversed() {
      var total = zip(upstream[step], outputs[step]).map { $0.isSet ? $0 : Matrix.zeros(like: $1) }
      if step < x.count - 1 {
        for block in 0..<counts.states {
          // A block that is missing or misshapen is answered as it is, and nothing earlier is made up from it.
          guard arriving[block].rows == total[block].rows && arriving[block].columns == total[block].columns else {
            totals[step + 1] = arriving
            return (outputs, totals)
          }
          total[block] += arriving[block]
        }
      }
      totals[step + 1] = Array(total.prefix(counts.states))
      arriving = backward(total, caches[step], parameters).previous
    }
    totals[0] = arriving
    return (outputs, totals)
  }
}

extension WireReader {
  fileprivate mutating func steps(_ steps: Int, of width: Int) -> [[Matrix]]? {
    var result: [[Matrix]] = []
    for _ in 0..<steps {
      guard let next = matrices(width) else { return nil }
      result.append(next)
    }
    return result
  }
}
