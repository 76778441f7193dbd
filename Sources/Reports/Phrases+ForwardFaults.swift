// The words for mistakes on the way forward, in the equations and in the loop.

import Faults
import Grading
import Markdown
import Recurrence
import Sheets

extension Phrases {
  /// A mistake in the equations of a step.
  func words(_ slip: ForwardFault.Slip, _ diagnosis: Diagnosis, other: String, standIn: String) -> String {
    let place = diagnosis.path.first.map(MathText.line) ?? ""
    let owner = diagnosis.path.last.map(MathText.line) ?? place
    let at =
      place == owner
      ? say("in \(owner)", "\(owner) 的方程中") : say("in \(owner), at \(place),", "\(owner) 的方程中，\(place) 处")
    switch slip {
    case .functionMissing: return say("\(at) the activation seems to be left out", "\(at)好像漏了激活函数")
    case .otherFunction:
      let name = diagnosis.detail == "sigmoid" ? "σ" : diagnosis.detail
      return say("\(at) \(name) seems to stand in the place of another function", "\(at)好像把别的函数写成了 \(name)")
    case .functionTwice: return say("\(at) the activation seems to be applied twice", "\(at)好像作用了两次激活函数")
    case .functionMovedOut:
      return say(
        "\(at) the function of \(other) seems to go around the whole product", "\(at)\(other) 的函数好像作用到了整个乘积上")
    case .factorMissing: return say("\(at) the factor \(other) seems to be left out", "\(at)好像漏了因子 \(other)")
    case .softmaxOverBatch:
      return say(
        "\(at) the softmax seems to be taken over the samples, and not over the entries of each",
        "\(at)softmax 好像是对样本做的，而不是对每个样本的各个分量做的")
    case .otherComplement:
      return say(
        "\(at) 1 − \(standIn) seems to stand where \(other) belongs", "\(at)应为 \(other) 的地方好像用了 1 − \(standIn)")
    case .termMissing: return say("\(at) the term \(other) seems to be left out", "\(at)好像漏了 \(other) 这一项")
    case .termDoubled: return say("\(at) the term \(other) seems to be added twice", "\(at)\(other) 这一项好像加了两次")
    case .termsMovedOut:
      return say(
        "\(at) the function seems to be taken of \(other) alone, and the rest added outside it",
        "\(at)函数好像只作用在 \(other) 上，其余的项加在了外面")
    case .termMovedIn:
      return say(
        "\(at) the term \(other) seems to stand inside the function, not beside it",
        "\(at)\(other) 这一项好像放进了函数里面，而不是加在外面")
    case .negated: return say("\(at) a sign seems to be turned round", "\(at)好像有一个符号反了")
    case .complement: return say("\(at) a gate seems to stand the wrong way round", "\(at)门好像用反了")
    case .keepForWrite:
      return say(
        "\(other) seems to write where it should keep, and to keep where it should write",
        "\(other) 好像反了：该保留的地方在写入，该写入的地方在保留")
    case .presentForPrevious:
      return say("\(at) the new state seems to stand where \(other) belongs", "\(at)应为 \(other) 的地方好像用了新的状态")
    case .previousForPresent:
      return say("\(at) the old state seems to stand where \(other) belongs", "\(at)应为 \(other) 的地方好像用了旧的状态")
    case .otherOperand:
      return say("\(at) \(standIn) seems to stand where \(other) belongs", "\(at)应为 \(other) 的地方好像用了 \(standIn)")
    case .exchanged:
      let both = say("\(place) and \(standIn) seem to be exchanged", "\(place) 和 \(standIn) 好像互换了")
      return place == owner ? both : say("\(both) in the equation for \(owner)", "\(owner) 的方程中，\(both)")
    case .partOrder:
      return say(
        "the parts of \(place) seem to be taken in another order than the sheet's", "\(place) 的各块好像不是按讲义的顺序取的")
    case .stackOrder:
      return say("\(at) the two parts seem to be stacked in the other order", "\(at)两部分上下拼接的顺序好像反了")
    case .transposed: return say("\(at) the matrix \(other) seems to stand transposed", "\(at)矩阵 \(other) 好像转置了")
    case .factorMovedOut:
      return say(
        "\(at) \(other) seems to act after the product with the matrix, and not before it",
        "\(at)\(other) 好像作用在矩阵乘积之后，而不是之前")
    case .factorMovedIn:
      return say(
        "\(at) \(other) seems to act before the product with the matrix, and not after it",
        "\(at)\(other) 好像作用在矩阵乘积之前，而不是之后")
    }
  }

  /// A mistake of the loop forward.
  func words(_ slip: ForwardTimeFault.Slip, of state: String, standIn: String) -> String {
    let states = state.isEmpty ? say("the state", "状态") : state
    switch slip {
    case .statesNotPassed:
      return say(
        "\(states) seems not to reach the next step: every step begins with the initial one",
        "\(states) 好像没有传给下一步：每一步都从初始状态开始")
    case .statesZeroEachStep:
      return say("\(states) seems to be zero at the beginning of every step", "\(states) 在每一步开始时好像都是零")
    case .initialIgnored:
      return say(
        "the first step seems to begin with zeros, not with the initial value of \(states)",
        "第一步好像从零开始，没有用给定的初始 \(states)")
    case .inputsReversed: return say("the inputs seem to be taken from last to first", "输入好像是从最后一步往前取的")
    case .inputsOneEarlier, .inputsOneLater:
      return say("each step seems to take the input of its neighbour", "每一步好像取了相邻一步的输入")
    case .firstInputOnly: return say("every step seems to take the first input", "每一步好像都取了第一个输入")
    case .outputsReversed: return say("the outputs seem to be listed from last to first", "输出列表的顺序好像反了")
    case .outputsOneEarlier, .outputsOneLater:
      return say("the list of outputs seems to be off by one step", "输出列表好像错开了一步")
    case .outputsBeforeStep:
      return say(
        "the list of outputs seems to begin with the initial state, so that each stands one step late",
        "输出列表好像是从初始状态开始的，于是每一个都晚了一步")
    case .otherHandedOn:
      return say(
        "the loop seems to hand \(standIn) on to the next step where \(states) belongs",
        "循环传给下一步的好像是 \(standIn)，而该传的是 \(states)")
    case .otherStateHandedOn:
      return say(
        "the loop seems to hand on \(standIn) where \(states) belongs, at the first step too",
        "循环在该传 \(states) 的地方好像传了 \(standIn)，第一步也是如此")
    case .statesExchanged:
      return say("the loop seems to hand on the two states in each other's place", "循环传递两个状态时好像把它们互换了")
    case .lastOutputOnly: return say("every place in the list seems to hold the last output", "列表里好像每一处都是最后一步的输出")
    }
  }
}
