// Calls as the bytes that a submission's process reads; SubmissionMain/Wire.swift describes them and is the other end.

import CellKit

/// A call that cannot be made of this cell: a mistake of the caller, not of the learner.
struct IncompleteCall: Error, Equatable, CustomStringConvertible {
  var description: String
}

/// The numbers that both ends agree on.
enum Wire {
  /// The first four bytes of a request and of every record.
  static let magic: UInt32 = 0x4C52_4E55
  /// The bytes of a record before its content.
  static let recordHeader = 32
  /// The exit code of a program that met a `todo`.
  static let todoExitCode = CellKit.todoExitCode
}

/// Puts numbers and matrices behind one another, little endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
  mutating func append(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
  mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

  mutating func append(_ matrix: Matrix) {
    append(UInt32(matrix.rows))
    append(UInt32(matrix.columns))
    for element in matrix.elements { append(element.bitPattern) }
  }
}

extension CellInterface {
  /// The request for some calls under their numbers.
  ///
  /// - Throws: `IncompleteCall` when a call lacks a block that the cell takes.
  func request(
    _ calls: [(number: Int, call: Call)], nonce: UInt64
  ) throws -> [UInt8] {
    var writer = ByteWriter()
    writer.append(Wire.magic)
    writer.append(UInt32(calls.count))
    writer.append(nonce)
    for (number, call) in calls {
      let body = try body(of: call)
      writer.append(UInt32(number))
      writer.append(call.kind.rawValue)
      writer.append(UInt32(call.inputs.count))
      writer.append(0 as UInt32)
      writer.append(UInt64(body.count))
      writer.append(body)
    }
    return writer.bytes
  }

  /// What a call hands over.
  package func body(of call: Call) throws -> [UInt8] {
    var writer = ByteWriter()
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
