// The table of mistakes of the loop back over time.

import CellKit
import Diagnostics

private let state = Message("the state", "状态")
private let outputs = Message("the outputs", "输出")
private let inputs = Message("the inputs", "输入")

// MARK: Parameters, whose gradients add up over the steps

extension TimeFault.Slip {
  /// What a loop from T to 1 leaves that overwrites.
  public static let firstStepOnly = Self("firstStepOnly", of: .parameter, .init(part: { $0.isFirst ? 1 : nil })) {
    let names = Told.list($0.path)
    return Message(
      "only the first step seems to count for \(names): is the gradient overwritten at each step?",
      "\(names) 的梯度好像只算了第一步：是不是每一步都被覆盖了？")
  }

  /// What one from 1 to T leaves.
  public static let lastStepOnly = Self("lastStepOnly", of: .parameter, .init(part: { $0.isLast ? 1 : nil })) {
    let names = Told.list($0.path)
    return Message("only the last step seems to count for \(names)", "\(names) 的梯度好像只算了最后一步")
  }

  public static let firstStepLeftOut = Self("firstStepLeftOut", of: .parameter, .init(part: { $0.isFirst ? nil : 1 })) {
    let names = Told.list($0.path)
    return Message("the first step seems to be left out for \(names)", "\(names) 的梯度好像漏了第一步")
  }

  public static let lastStepLeftOut = Self("lastStepLeftOut", of: .parameter, .init(part: { $0.isLast ? nil : 1 })) {
    let names = Told.list($0.path)
    return Message("the last step seems to be left out for \(names)", "\(names) 的梯度好像漏了最后一步")
  }

  public static let meanOverSteps = Self(
    "meanOverSteps", of: .parameter, .init(part: { 1 / Double($0.count) })
  ) {
    let names = Told.list($0.path)
    return Message("the mean over the steps seems to stand for the sum (\(names))", "\(names)：应对各步求和的地方好像求了平均")
  }

  /// From what each step's own loss sends alone.
  public static let ownLossOnly = Self("ownLossOnly", of: .parameter, .init(isOfOwnLoss: true)) {
    let names = Told.list($0.path)
    return Message(
      "for \(names) each step seems to count with its own loss alone, without what comes back from later steps",
      "\(names) 的梯度在每一步好像只算了那一步自己的损失，没有算从后面传回的部分")
  }
}

// MARK: States, whose gradients are carried to the step before

extension TimeFault.Slip {
  public static let carryDropped = Self(
    "carryDropped", of: .state, .init(carried: { .zeros(like: $0.sent) }), words: notReached)

  /// Lost for good, the initial state's with them.
  public static let carryLost = Self(
    "carryLost", of: .state, .init(carried: { .zeros(like: $0.sent) }, initial: { .zeros(like: $0.first) }),
    words: notReached)

  private static let notReached: Words = {
    let names = $0.names(or: state)
    return Message(
      "what step t sends back along \(names) seems not to reach step t−1", "第 t 步沿 \(names) 传回的梯度好像没有到达第 t−1 步")
  }

  public static let carryNegated = Self("carryNegated", of: .state, .init(carried: { -1 * $0.sent })) {
    let names = $0.names(or: state)
    return Message(
      "what comes back along \(names) seems to have its sign turned round at every step",
      "沿 \(names) 传回的梯度好像每一步都变了号")
  }

  public static let carryDoubled = Self("carryDoubled", of: .state, .init(carried: { 2 * $0.sent })) {
    let names = $0.names(or: state)
    return Message("what comes back along \(names) seems to be counted twice", "沿 \(names) 传回的梯度好像算了两次")
  }

  public static let carryAccumulated = Self("carryAccumulated", of: .state, .init(carried: { $0.held + $0.sent })) {
    let names = $0.names(or: state)
    return Message(
      "what comes back along \(names) seems to be added to what came back before, and never replaced",
      "沿 \(names) 传回的梯度好像一直累加，没有被新的取代")
  }

  public static let carryReplacesUpstream = Self(
    "carryReplacesUpstream", of: .state, .init(upstream: { $0.isLast ? $0.index : nil })
  ) {
    let names = $0.names(or: state)
    return Message(
      "what comes back along \(names) seems to take the place of the loss's own gradient at that step",
      "沿 \(names) 传回的梯度好像取代了那一步损失自己的梯度")
  }

  public static let carryOfOwnLossOnly = Self(
    "carryOfOwnLossOnly", of: .state, .init(isOfOwnLoss: true, sent: { $0.ofOwnLoss ?? $0.sent })
  ) {
    let names = $0.names(or: state)
    return Message(
      "along \(names) each step seems to send back its own loss alone, so that a loss reaches one step back and no further",
      "每一步沿 \(names) 传回的好像只有自己那一步的损失，于是每个损失只往回走了一步")
  }

  /// What arrives at a step, as if there were no step.
  public static let carryHandedOn = Self("carryHandedOn", of: .state, .init(sent: \.arrived)) {
    let names = $0.names(or: state)
    return Message(
      "what arrives at \(names) at a step seems to be handed on to the step before as it is, not sent back through the step",
      "每一步传到 \(names) 的梯度好像原样交给了前一步，没有经过这一步往回传")
  }

  public static let carriesExchanged = Self("carriesExchanged", of: .everything, .init(exchangesStates: true)) {
    let names = Told.list($0.path)
    return Message(
      "what comes back along \(names) seems to be exchanged: each enters where the other belongs",
      "沿 \(names) 传回的梯度好像互换了：各自加到了对方的位置")
  }
}

// MARK: What the loss itself sends to each step

extension TimeFault.Slip {
  public static let upstreamLeftOut = Self("upstreamLeftOut", of: .result, .init(upstream: { _ in nil })) {
    let names = $0.names(or: outputs)
    return Message("the loss's own gradient (\(names)) seems to be left out", "损失自己的梯度（\(names)）好像漏了")
  }

  public static let upstreamOnlyAtEnd = Self(
    "upstreamOnlyAtEnd", of: .result, .init(upstream: { $0.isLast ? $0.index : nil })
  ) {
    let names = $0.names(or: outputs)
    return Message(
      "the loss's own gradient (\(names)) seems to enter at the last step alone", "损失自己的梯度（\(names)）好像只在最后一步加入")
  }

  public static let upstreamLeftOutAtEnd = Self(
    "upstreamLeftOutAtEnd", of: .result, .init(upstream: { $0.isLast ? nil : $0.index })
  ) {
    let names = $0.names(or: outputs)
    return Message(
      "the loss's own gradient (\(names)) seems to be left out at the last step", "损失自己的梯度（\(names)）在最后一步好像漏了")
  }

  public static let upstreamOneLater = Self(
    "upstreamOneLater", of: .result, .init(upstream: \.after), words: oneStepOff)

  public static let upstreamOneEarlier = Self(
    "upstreamOneEarlier", of: .result, .init(upstream: \.before), words: oneStepOff)

  private static let oneStepOff: Words = {
    let names = $0.names(or: outputs)
    return Message(
      "the loss's own gradient (\(names)) seems to enter one step off", "损失自己的梯度（\(names)）好像错开了一步")
  }

  public static let upstreamReversed = Self("upstreamReversed", of: .result, .init(upstream: \.opposite)) {
    let names = $0.names(or: outputs)
    return Message(
      "the loss's own gradients (\(names)) seem to be taken in the other order of time", "损失自己的梯度（\(names)）在时间上的顺序好像反了")
  }

  public static let upstreamOfLastEverywhere = Self(
    "upstreamOfLastEverywhere", of: .result, .init(upstream: \.last)
  ) {
    let names = $0.names(or: outputs)
    return Message(
      "the loss's gradient of the last step (\(names)) seems to enter at every step", "每一步好像都用了最后一步的损失梯度（\(names)）")
  }

  public static let upstreamAfterStep = Self(
    "upstreamAfterStep", of: .state, .init(upstream: { _ in nil }, sent: \.withOwn)
  ) {
    let names = $0.names(or: state)
    return Message(
      "the loss's own gradient (\(names)) seems to be added after the step back has been taken, and so to enter the step before",
      "损失自己的梯度（\(names)）好像在这一步反传之后才加上，于是进到了前一步")
  }

  public static let upstreamAlsoAfterStep = Self("upstreamAlsoAfterStep", of: .state, .init(sent: \.withOwn)) {
    let names = $0.names(or: state)
    return Message(
      "the loss's own gradient (\(names)) seems to be counted twice: before the step back, and once more in what goes to the step before",
      "损失自己的梯度（\(names)）好像算了两次：这一步反传之前一次，传给前一步时又加了一次")
  }

  public static let upstreamTwiceAtEnd = Self("upstreamTwiceAtEnd", of: .state, .init(isTwice: \.isLast)) {
    let names = $0.names(or: state)
    return Message(
      "the loss's own gradient of the last step (\(names)) seems to be counted twice", "最后一步损失自己的梯度（\(names)）好像算了两次")
  }
}

// MARK: The gradient by the initial state

extension TimeFault.Slip {
  /// One step late, with the loss's own part.
  public static let initialIsFirstState = Self(
    "initialIsFirstState", of: .state, .init(initial: \.total), words: stopsTooEarly)

  /// One step late, without it.
  public static let initialIsCarriedToFirst = Self(
    "initialIsCarriedToFirst", of: .state, .init(initial: \.carried), words: stopsTooEarly)

  private static let stopsTooEarly: Words = {
    let names = Told.list($0.path)
    return Message(
      "the gradient by \(names) seems to stop one step too early, at step 1", "对 \(names) 的梯度好像少传了一步，停在了第 1 步")
  }

  public static let initialZero = Self("initialZero", of: .state, .init(initial: { .zeros(like: $0.first) })) {
    let names = Told.list($0.path)
    return Message(
      "the gradient by \(names) seems to be left at zero, as if \(names) were no input",
      "对 \(names) 的梯度好像一直是零，似乎没有把 \(names) 当作输入")
  }

  public static let initialIsLastStep = Self("initialIsLastStep", of: .state, .init(initial: \.last)) {
    let names = Told.list($0.path)
    return Message(
      "the gradient by \(names) seems to be what the last step sends back, and not the first one",
      "对 \(names) 的梯度好像取的是最后一步传回的，而不是第一步传回的")
  }

  public static let initialWithUpstream = Self(
    "initialWithUpstream", of: .state, .init(initial: { ends in ends.own.map { ends.first + $0 } ?? ends.first })
  ) {
    let names = Told.list($0.path)
    return Message(
      "the gradient by \(names) seems to have the loss's own gradient of step 1 added to it once more",
      "对 \(names) 的梯度里好像又加了一次第 1 步损失自己的梯度")
  }
}

// MARK: The list of the inputs' gradients

extension TimeFault.Slip {
  public static let inputsReversed = Self("inputsReversed", of: .input, .init(input: \.opposite)) {
    let names = $0.names(or: inputs)
    return Message("the gradients by \(names) seem to be listed in the other order of time", "对 \(names) 的梯度列表好像顺序反了")
  }

  public static let inputsOneLater = Self("inputsOneLater", of: .input, .init(input: \.after), words: listOff)
  public static let inputsOneEarlier = Self("inputsOneEarlier", of: .input, .init(input: \.before), words: listOff)

  private static let listOff: Words = {
    let names = $0.names(or: inputs)
    return Message("the list of gradients by \(names) seems to be off by one step", "对 \(names) 的梯度列表好像错开了一步")
  }

  public static let inputsFirstOnly = Self("inputsFirstOnly", of: .input, .init(input: { _ in 0 })) {
    let names = $0.names(or: inputs)
    return Message(
      "every place in the list of gradients by \(names) seems to hold that of the first step",
      "对 \(names) 的梯度列表里好像每一处都是第一步的")
  }
}

// MARK: The loop itself

extension TimeFault.Slip {
  public static let forwardsInTime = Self("forwardsInTime", of: .everything, .init(runsForwards: true)) { _ in
    Message(
      "the loop back seems to run from the first step to the last, so that gradients go to later steps",
      "反向的循环好像是从第一步走到最后一步的，于是梯度传给了后面的步")
  }

  public static let firstStepNotVisited = Self("firstStepNotVisited", of: .everything, .init(skipsFirst: true)) { _ in
    Message(
      "the loop back seems to stop one step too early: it never goes through step 1", "反向的循环好像少走了一步：没有经过第 1 步")
  }

  public static let tapeOneEarlier = Self(
    "tapeOneEarlier", of: .everything, .init(cache: \.before), words: neighboursCache)
  public static let tapeOneLater = Self(
    "tapeOneLater", of: .everything, .init(cache: \.after), words: neighboursCache)

  private static let neighboursCache: Words = { _ in
    Message("each step back seems to use the cache of its neighbour", "反向的每一步好像用了相邻一步的缓存")
  }

  public static let tapeReversed = Self("tapeReversed", of: .everything, .init(cache: \.opposite)) { _ in
    Message(
      "the caches seem to be used from first to last while the gradient runs from last to first", "梯度从后往前传，缓存却好像从前往后用")
  }

  public static let tapeLastOnly = Self("tapeLastOnly", of: .everything, .init(cache: \.last)) { _ in
    Message("every step back seems to use the cache of the last step", "反向的每一步好像都用了最后一步的缓存")
  }
}

extension TimeFault.Handed {
  /// With the loss's own gradient added.
  fileprivate var withOwn: Matrix { own.map { sent + $0 } ?? sent }
}
