// The table of mistakes of the loop forward over time.

import CellKit
import Diagnostics

private let state = Message("the state", "状态")

extension ForwardTimeFault.Slip {
  public static let statesNotPassed = Self("statesNotPassed", .state { _, initial, _ in initial }) {
    let names = $0.names(or: state)
    return Message(
      "\(names) seems not to reach the next step: every step begins with the initial one",
      "\(names) 好像没有传给下一步：每一步都从初始状态开始")
  }

  public static let statesZeroEachStep = Self("statesZeroEachStep", .state { left, _, _ in .zeros(like: left) }) {
    let names = $0.names(or: state)
    return Message("\(names) seems to be zero at the beginning of every step", "\(names) 在每一步开始时好像都是零")
  }

  public static let initialIgnored = Self(
    "initialIgnored", .state { left, _, step in step.isFirst ? .zeros(like: left) : left }
  ) {
    let names = $0.names(or: state)
    return Message(
      "the first step seems to begin with zeros, not with the initial value of \(names)", "第一步好像从零开始，没有用给定的初始 \(names)")
  }

  // MARK: Inputs of another step

  public static let inputsReversed = Self("inputsReversed", .input(\.opposite)) { _ in
    Message("the inputs seem to be taken from last to first", "输入好像是从最后一步往前取的")
  }

  public static let inputsOneEarlier = Self("inputsOneEarlier", .input(\.before), words: neighboursInput)
  public static let inputsOneLater = Self("inputsOneLater", .input(\.after), words: neighboursInput)

  private static let neighboursInput: Words = { _ in
    Message("each step seems to take the input of its neighbour", "每一步好像取了相邻一步的输入")
  }

  public static let firstInputOnly = Self("firstInputOnly", .input { _ in 0 }) { _ in
    Message("every step seems to take the first input", "每一步好像都取了第一个输入")
  }

  // MARK: The list of the outputs

  public static let outputsReversed = Self("outputsReversed", .output(\.opposite)) { _ in
    Message("the outputs seem to be listed from last to first", "输出列表的顺序好像反了")
  }

  public static let outputsOneEarlier = Self("outputsOneEarlier", .output(\.before), words: listOff)
  public static let outputsOneLater = Self("outputsOneLater", .output(\.after), words: listOff)

  private static let listOff: Words = { _ in
    Message("the list of outputs seems to be off by one step", "输出列表好像错开了一步")
  }

  public static let lastOutputOnly = Self("lastOutputOnly", .output(\.last)) { _ in
    Message("every place in the list seems to hold the last output", "列表里好像每一处都是最后一步的输出")
  }

  public static let outputsBeforeStep = Self("outputsBeforeStep", .outputsBeforeStep) { _ in
    Message(
      "the list of outputs seems to begin with the initial state, so that each stands one step late",
      "输出列表好像是从初始状态开始的，于是每一个都晚了一步")
  }

  // MARK: Another value handed on

  public static let otherHandedOn = Self("otherHandedOn", .otherHandedOn) { told in
    let names = told.names(or: state)
    return Message(
      "the loop seems to hand \(told.stand) on to the next step where \(names) belongs",
      "循环传给下一步的好像是 \(told.stand)，而该传的是 \(names)")
  }

  /// Another state, also at the first step.
  public static let otherStateHandedOn = Self("otherStateHandedOn", .otherStateHandedOn) { told in
    let names = told.names(or: state)
    return Message(
      "the loop seems to hand on \(told.stand) where \(names) belongs, at the first step too",
      "循环在该传 \(names) 的地方好像传了 \(told.stand)，第一步也是如此")
  }

  public static let statesExchanged = Self("statesExchanged", .statesExchanged) { _ in
    Message("the loop seems to hand on the two states in each other's place", "循环传递两个状态时好像把它们互换了")
  }
}
