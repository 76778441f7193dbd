// The words for what is found about a model and its training.

package import Diagnosis
import Diagnostics
import Grading

extension Phrases {
  /// What is said of a training that did not get as far as it should.
  func notReached(loss: Double, below: Double, before: Double, isUntouched: Bool) -> String {
    let (limit, start) = (Self.number(below, digits: 3), Self.number(before, digits: 3))
    if isUntouched {
      return say(
        "the parameters came back as they were handed in: their loss is \(start), and below \(limit) is asked for",
        "交回的参数与给定的一样，没有训练：损失是 \(start)，要求低于 \(limit)")
    }
    guard loss.isFinite else {
      return say(
        "with the parameters that came back the loss is no finite number any more; below \(limit) is asked for",
        "用交回的参数算出的损失已不是有限的数；要求低于 \(limit)")
    }
    let reached = Self.apart(loss, below, digits: 3).0
    return say(
      "measured with the parameters that came back, the loss is \(reached); below \(limit) is asked for (it was \(start) before training)",
      "用交回的参数重新计算，损失是 \(reached)；要求低于 \(limit)（训练之前是 \(start)）")
  }

  /// What was probably done in the loss, the sampling or the clipping.
  package func words(_ slip: ModelSlip) -> String {
    switch slip {
    case .maskIgnored:
      return say("the padding seems to count: is the mask left out?", "填充的位置好像也算进去了：是不是漏了掩码？")
    case .dividedByTargets:
      return say(
        "the sum seems to be divided by the number of targets that count; the sheet divides by N",
        "和好像除以了有效目标的个数；题目要求除以 N")
    case .dividedBySamples:
      return say(
        "the sum seems to be divided by N; the sheet divides by the number of targets that count",
        "和好像除以了 N；题目要求除以有效目标的个数")
    case .dividedByEveryPlace:
      return say(
        "the sum seems to be divided by N · T, padding included; look again at what the sheet divides by",
        "和好像除以了 N · T，把填充也数进去了；请再看题目除以什么")
    case .notDivided:
      return say("the sum seems not to be divided by anything", "和好像没有除以任何数")
    case .softmaxTwice, .exponentialsOverScores, .scoresOverTheirSum, .exponentialsAlone, .sigmoidOfScores,
      .softmaxOfNegated:
      return probabilities(slip)
    case .temperatureMultiplied:
      return say(
        "the scores seem to be multiplied by the temperature where they should be divided by it",
        "得分好像乘了温度，而应当除以温度")
    case .temperatureIgnored:
      return say("the temperature seems to have no effect", "温度好像没有起作用")
    case .alwaysLikeliest:
      return say(
        "the likeliest seems to be taken every time; the random numbers have no effect",
        "好像每次都取了概率最大的一个；随机数没有起作用")
    case .probabilitiesDivided:
      return say(
        "the probabilities seem to be divided by the temperature; the scores should be, before the softmax",
        "好像是把概率除以了温度；应当在 softmax 之前把得分除以温度")
    case .singleProbability:
      return say(
        "each probability by itself seems to be held against u; their sum from the first one on should be",
        "好像是拿单个的概率与 u 比较；应当用从第一个起累加的和")
    case .firstWordAgain:
      return say(
        "every step seems to read `first` again; it should read what has just been written",
        "每一步好像都重新读入 `first`；应当读入刚刚写出的那个")
    case .stateNotCarried:
      return say(
        "a state seems to begin anew at every step; each step should go on from the one before",
        "有一个状态好像每一步都从头开始；每一步应当接着前一步的状态")
    case .clippedEntries:
      return say(
        "every entry seems to be clipped by itself; the norm of all of them together is what counts",
        "好像是逐个元素截断的；应当看全部元素合在一起的范数")
    case .clippedShort:
      return say(
        "a gradient that is shorter than the limit seems to be stretched to it", "比上限短的梯度好像也被拉长到上限")
    case .clippedBlocks:
      return say(
        "every block seems to be clipped by its own norm; the norm of all of them together is what counts",
        "好像是每一块按自己的范数截断的；应当看所有块合在一起的范数")
    }
  }

  /// What stands where the probabilities of the scores belong.
  private func probabilities(_ slip: ModelSlip) -> String {
    // Of each the numbers, and whether they add up to 1.
    let (formula, isDistribution): (String, Bool) =
      switch slip {
      case .softmaxTwice: ("softmax(softmax(s))", true)
      case .softmaxOfNegated: ("softmax(−s)", true)
      case .exponentialsOverScores: ("exp(s) / ∑ s", false)
      case .scoresOverTheirSum: ("s / ∑ s", false)
      case .exponentialsAlone: ("exp(s)", false)
      default: ("σ(s)", false)
      }
    let found = say(
      "your probabilities seem to be \(formula)", "你的概率好像是 \(formula)")
    guard !isDistribution else { return found }
    return found
      + say(
        ", which is no distribution: its entries do not add up to 1 in every sample",
        "，这不是概率分布：每个样本的各元素加起来不是 1")
  }
}
