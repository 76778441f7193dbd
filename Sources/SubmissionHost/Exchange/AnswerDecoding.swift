// The bytes of one answer, taken apart into blocks. Whoever wrote them may have wanted to deceive: every count is
// checked against what is there before anything is made from it.

import CellKit
import Wire

/// Bytes that cannot be an answer, with the reason.
package struct MalformedAnswer: Error, Equatable {
  package var reason: String
}

extension CellInterface {
  /// Reads one answer to a call.
  ///
  /// - Throws: `MalformedAnswer` when the bytes are not exactly the lists that this kind of call answers.
  package func answer(to call: Call, from bytes: ArraySlice<UInt8>) throws(MalformedAnswer) -> Answer {
    var reader = WireReader(bytes)
    var answer = Answer()
    let steps = call.inputs.count
    switch call.kind {
    case .forward:
      answer.outputs = try reader.list(AnswerGroup.outputs, allOutputs, steps: 1)
    case .backward:
      answer.outputs = try reader.list(AnswerGroup.outputs, allOutputs, steps: 1)
      answer.inputGradients = try reader.list(AnswerGroup.inputGradients, inputs, steps: 1)
      answer.stateGradients = try reader.list(AnswerGroup.stateGradients, states, steps: 1)
      answer.parameterGradients = try reader.list(AnswerGroup.parameterGradients, parameters, steps: 1)[0]
    case .forwardThroughTime:
      answer.outputs = try reader.list(AnswerGroup.outputs, allOutputs, steps: steps, byLearner: true)
    case .backwardThroughTime:
      answer.outputs = try reader.list(AnswerGroup.outputs, allOutputs, steps: steps, byLearner: true)
      answer.inputGradients = try reader.list(AnswerGroup.inputGradients, inputs, steps: steps, byLearner: true)
      answer.stateGradients = try reader.list(AnswerGroup.stateGradients, states, steps: 1)
      answer.parameterGradients = try reader.list(AnswerGroup.parameterGradients, parameters, steps: 1)[0]
    case .flow:
      answer.outputs = try reader.list(AnswerGroup.outputs, allOutputs, steps: steps)
      answer.stateGradients = try reader.list(AnswerGroup.stateGradients, states, steps: steps + 1)
    case .modelForward, .modelGradients, .modelSample, .modelClip, .modelTrain:
      answer.lists = try reader.lists()
    }
    if !reader.bytes.isEmpty { throw MalformedAnswer(reason: "\(reader.bytes.count) bytes too many in an answer") }
    return answer
  }
}

extension WireReader {
  /// Reads the lists of a model. How many there are and how long is the learner's doing, so it is compared later.
  fileprivate mutating func lists() throws(MalformedAnswer) -> [[BlockValue]] {
    guard let count = uint32().map(Int.init), count <= bytes.count / 4 else {
      throw MalformedAnswer(reason: "an answer ends too early")
    }
    var lists: [[BlockValue]] = []
    for _ in 0..<count {
      guard let width = uint32().map(Int.init), width <= bytes.count / 8 else {
        throw MalformedAnswer(reason: "an answer ends too early")
      }
      var list: [BlockValue] = []
      for _ in 0..<width {
        guard let matrix = matrix() else { throw MalformedAnswer(reason: "an answer ends too early") }
        list.append(BlockValue(matrix))
      }
      lists.append(list)
    }
    return lists
  }

  /// Reads one list; a list that the learner's own loop made may have another number of steps, which is told block by
  /// block instead of refusing the whole answer. An empty one counts as not set.
  fileprivate mutating func list(
    _ group: AnswerGroup, _ blocks: [CellInterface.Block], steps: Int, byLearner: Bool = false
  ) throws(MalformedAnswer) -> [[String: BlockValue]] {
    guard let found = uint32(), let given = uint32().map(Int.init), let width = uint32().map(Int.init), uint32() == 0
    else { throw MalformedAnswer(reason: "an answer ends too early") }
    // Steps without blocks would take no bytes, so their number is bounded here.
    guard found == group.rawValue, width == blocks.count, given == steps || (byLearner && given <= bytes.count) else {
      throw MalformedAnswer(reason: "an answer does not hold what was asked for")
    }
    var list: [[String: BlockValue]] = []
    for _ in 0..<given {
      var step: [String: BlockValue] = [:]
      for block in blocks {
        guard let matrix = matrix() else { throw MalformedAnswer(reason: "an answer ends too early") }
        // Of a list of the wrong length nothing but the length is told, and there may be millions of steps.
        if given == steps { step[block.name] = BlockValue(matrix) }
      }
      if given == steps { list.append(step) }
    }
    if given == steps { return list }
    let value: BlockValue = given == 0 ? .notSet : .wrongStepCount(given)
    let step = Dictionary(uniqueKeysWithValues: blocks.map { ($0.name, value) })
    return Array(repeating: step, count: steps)
  }
}
