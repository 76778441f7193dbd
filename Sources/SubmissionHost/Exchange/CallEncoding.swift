// Calls as the bytes that a submission's process reads.

import CellKit
import Wire

/// A call that cannot be made of this cell: a mistake of the caller, not of the learner.
struct IncompleteCall: Error, Equatable, CustomStringConvertible {
  var description: String
}

extension CellInterface {
  /// The request for some calls under their numbers.
  ///
  /// - Throws: `IncompleteCall` when a call lacks a block that the cell takes.
  func request(
    _ calls: [(number: Int, call: Call)], nonce: UInt64
  ) throws -> [UInt8] {
    WireRequest(
      nonce: nonce,
      calls: try calls.map { number, call in
        WireCall(number: UInt32(number), kind: call.kind, steps: call.inputs.count, body: try body(of: call)[...])
      }
    ).bytes
  }

  /// What a call hands over.
  package func body(of call: Call) throws -> [UInt8] {
    var writer = WireWriter()
    func append(_ blocks: [Block], of values: [String: Matrix], _ word: String, optional: Bool = false) throws {
      for block in blocks {
        if let value = values[block.name] {
          writer.append(value)
        } else if optional {
          writer.append(Matrix.notSet)
        } else {
          throw IncompleteCall(description: "a \(call.kind) call lacks the \(word) block \(block.name)")
        }
      }
    }
    if call.kind.isModel {
      writer.append(UInt32(call.lists.count))
      for list in call.lists {
        writer.append(UInt32(list.count))
        for matrix in list { writer.append(matrix) }
      }
      return writer.bytes
    }
    guard !call.inputs.isEmpty else { throw IncompleteCall(description: "a \(call.kind) call has no step") }
    switch call.kind {
    case .forward, .backward:
      try append(inputs, of: call.inputs[0], "input")
      try append(states, of: call.initial, "previous")
      try append(parameters, of: call.parameters, "parameter")
      if call.kind == .backward { try append(allOutputs, of: call.upstream.first ?? [:], "upstream") }
    case .forwardThroughTime, .backwardThroughTime, .flow:
      try append(states, of: call.initial, "initial")
      try append(parameters, of: call.parameters, "parameter")
      for step in call.inputs { try append(inputs, of: step, "input") }
      if call.kind != .forwardThroughTime {
        for step in call.inputs.indices {
          let values = step < call.upstream.count ? call.upstream[step] : [:]
          try append(allOutputs, of: values, "upstream", optional: call.kind == .flow)
        }
      }
    case .modelForward, .modelGradients, .modelSample, .modelClip, .modelTrain: break
    }
    return writer.bytes
  }
}
