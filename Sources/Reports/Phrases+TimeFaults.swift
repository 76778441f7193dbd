// The words for mistakes of the loop over time on the way back.

import Diagnostics
import Faults
import Grading
import Recurrence
import Sheets

extension Phrases {
  /// Names one after the other; of more than four only that they are many.
  func list(_ names: [String]) -> String {
    if names.count > 4 { return say("all parameters", "所有参数") }
    let first = names.dropLast().joined(separator: say(", ", "、"))
    return first + (first.isEmpty ? "" : say(" and ", "、")) + (names.last ?? "")
  }

  /// Chinese without the blanks that stand around formulas, where a word stands in place of one.
  func closed(_ text: String) -> String {
    guard language == .chinese else { return text }
    let letters = Array(text)
    func isChinese(_ index: Int) -> Bool {
      letters.indices.contains(index)
        && letters[index].unicodeScalars.allSatisfy { (0x3000...0x9fff).contains($0.value) }
    }
    return String(
      letters.indices.filter { letters[$0] != " " || !(isChinese($0 - 1) && isChinese($0 + 1)) }.map { letters[$0] })
  }

  /// A mistake of the loop back; `name` is the quantity that it concerns alone, or empty.
  func words(_ slip: TimeFault.Slip, of name: String) -> String {
    let parameter = name
    let state = name.isEmpty ? say("the state", "状态") : name
    let result = name.isEmpty ? say("the outputs", "输出") : name
    let input = name.isEmpty ? say("the inputs", "输入") : name
    switch slip {
    case .firstStepOnly:
      return say(
        "only the first step seems to count for \(parameter): is the gradient overwritten at each step?",
        "\(parameter) 的梯度好像只算了第一步：是不是每一步都被覆盖了？")
    case .lastStepOnly:
      return say("only the last step seems to count for \(parameter)", "\(parameter) 的梯度好像只算了最后一步")
    case .firstStepLeftOut:
      return say("the first step seems to be left out for \(parameter)", "\(parameter) 的梯度好像漏了第一步")
    case .lastStepLeftOut:
      return say("the last step seems to be left out for \(parameter)", "\(parameter) 的梯度好像漏了最后一步")
    case .meanOverSteps:
      return say("the mean over the steps seems to stand for the sum (\(parameter))", "\(parameter)：应对各步求和的地方好像求了平均")
    case .carryDropped, .carryLost:
      return say(
        "what step t sends back along \(state) seems not to reach step t−1", "第 t 步沿 \(state) 传回的梯度好像没有到达第 t−1 步")
    case .carryNegated:
      return say(
        "what comes back along \(state) seems to have its sign turned round at every step", "沿 \(state) 传回的梯度好像每一步都变了号")
    case .carryDoubled:
      return say("what comes back along \(state) seems to be counted twice", "沿 \(state) 传回的梯度好像算了两次")
    case .carryAccumulated:
      return say(
        "what comes back along \(state) seems to be added to what came back before, and never replaced",
        "沿 \(state) 传回的梯度好像一直累加，没有被新的取代")
    case .upstreamAfterStep:
      return say(
        "the loss's own gradient (\(state)) seems to be added after the step back has been taken, and so to enter the step before",
        "损失自己的梯度（\(state)）好像在这一步反传之后才加上，于是进到了前一步")
    case .carryOfOwnLossOnly:
      return say(
        "along \(state) each step seems to send back its own loss alone, so that a loss reaches one step back and no further",
        "每一步沿 \(state) 传回的好像只有自己那一步的损失，于是每个损失只往回走了一步")
    case .carryReplacesUpstream:
      return say(
        "what comes back along \(state) seems to take the place of the loss's own gradient at that step",
        "沿 \(state) 传回的梯度好像取代了那一步损失自己的梯度")
    case .upstreamLeftOut:
      return say("the loss's own gradient (\(result)) seems to be left out", "损失自己的梯度（\(result)）好像漏了")
    case .upstreamOnlyAtEnd:
      return say(
        "the loss's own gradient (\(result)) seems to enter at the last step alone", "损失自己的梯度（\(result)）好像只在最后一步加入")
    case .upstreamLeftOutAtEnd:
      return say(
        "the loss's own gradient (\(result)) seems to be left out at the last step", "损失自己的梯度（\(result)）在最后一步好像漏了")
    case .upstreamOneLater, .upstreamOneEarlier:
      return say(
        "the loss's own gradient (\(result)) seems to enter one step off", "损失自己的梯度（\(result)）好像错开了一步")
    case .upstreamReversed:
      return say(
        "the loss's own gradients (\(result)) seem to be taken in the other order of time",
        "损失自己的梯度（\(result)）在时间上的顺序好像反了")
    case .upstreamOfLastEverywhere:
      return say(
        "the loss's gradient of the last step (\(result)) seems to enter at every step", "每一步好像都用了最后一步的损失梯度（\(result)）")
    case .ownLossOnly:
      return say(
        "for \(parameter) each step seems to count with its own loss alone, without what comes back from later steps",
        "\(parameter) 的梯度在每一步好像只算了那一步自己的损失，没有算从后面传回的部分")
    case .upstreamAlsoAfterStep:
      return say(
        "the loss's own gradient (\(state)) seems to be counted twice: before the step back, and once more in what goes to the step before",
        "损失自己的梯度（\(state)）好像算了两次：这一步反传之前一次，传给前一步时又加了一次")
    case .upstreamTwiceAtEnd:
      return say(
        "the loss's own gradient of the last step (\(state)) seems to be counted twice",
        "最后一步损失自己的梯度（\(state)）好像算了两次")
    case .carryHandedOn:
      return say(
        "what arrives at \(state) at a step seems to be handed on to the step before as it is, not sent back through the step",
        "每一步传到 \(state) 的梯度好像原样交给了前一步，没有经过这一步往回传")
    case .initialIsFirstState, .initialIsCarriedToFirst:
      return say(
        "the gradient by \(name) seems to stop one step too early, at step 1", "对 \(name) 的梯度好像少传了一步，停在了第 1 步")
    case .initialZero:
      return say(
        "the gradient by \(name) seems to be left at zero, as if \(name) were no input",
        "对 \(name) 的梯度好像一直是零，似乎没有把 \(name) 当作输入")
    case .initialIsLastStep:
      return say(
        "the gradient by \(name) seems to be what the last step sends back, and not the first one",
        "对 \(name) 的梯度好像取的是最后一步传回的，而不是第一步传回的")
    case .initialWithUpstream:
      return say(
        "the gradient by \(name) seems to have the loss's own gradient of step 1 added to it once more",
        "对 \(name) 的梯度里好像又加了一次第 1 步损失自己的梯度")
    case .inputsReversed:
      return say("the gradients by \(input) seem to be listed in the other order of time", "对 \(input) 的梯度列表好像顺序反了")
    case .inputsOneLater, .inputsOneEarlier:
      return say("the list of gradients by \(input) seems to be off by one step", "对 \(input) 的梯度列表好像错开了一步")
    case .inputsFirstOnly:
      return say(
        "every place in the list of gradients by \(input) seems to hold that of the first step",
        "对 \(input) 的梯度列表里好像每一处都是第一步的")
    case .forwardsInTime:
      return say(
        "the loop back seems to run from the first step to the last, so that gradients go to later steps",
        "反向的循环好像是从第一步走到最后一步的，于是梯度传给了后面的步")
    case .firstStepNotVisited:
      return say(
        "the loop back seems to stop one step too early: it never goes through step 1", "反向的循环好像少走了一步：没有经过第 1 步")
    case .carriesExchanged:
      return say(
        "what comes back along \(name) seems to be exchanged: each enters where the other belongs",
        "沿 \(name) 传回的梯度好像互换了：各自加到了对方的位置")
    case .tapeOneEarlier, .tapeOneLater:
      return say("each step back seems to use the cache of its neighbour", "反向的每一步好像用了相邻一步的缓存")
    case .tapeReversed:
      return say(
        "the caches seem to be used from first to last while the gradient runs from last to first",
        "梯度从后往前传，缓存却好像从前往后用")
    case .tapeLastOnly:
      return say("every step back seems to use the cache of the last step", "反向的每一步好像都用了最后一步的缓存")
    }
  }
}
