// The words for mistakes on the way back through a step, at an edge of the graph.

import Faults
import Grading
import Recurrence
import Sheets

extension Phrases {
  /// A mistake at an edge.
  func words(
    _ slip: Fault.Slip, path: String, target: String, inner: String, other: String, standIn: String
  ) -> String {
    switch slip {
    case .dropped:
      return say("the path \(path) seems to be left out", "好像漏了路径 \(path)")
    case .onlyOnePath:
      return say(
        "of all the paths into \(target) only \(path) seems to be there", "通向 \(target) 的各条路径中好像只有 \(path)")
    case .negated: return say("the sign of the path \(path) seems to be turned round", "路径 \(path) 的符号好像反了")
    case .doubled: return say("the path \(path) seems to be counted twice", "路径 \(path) 好像算了两次")
    case .factorMissing:
      return say("on the path \(path) the factor \(other) seems to be missing", "路径 \(path) 上好像少乘了 \(other)")
    case .ownValue:
      return say(
        "on the path \(path), \(target) itself seems to stand where \(other) belongs",
        "路径 \(path) 上，应乘 \(other) 的地方好像乘了 \(target) 自己")
    case .derivativeMissing:
      return say("the derivative at \(inner) seems to be left out", "\(inner) 处好像漏乘了导数")
    case .derivativeOfValue:
      return say(
        "at \(inner) the function seems to be applied once more inside its derivative: is the cached value activated already?",
        "\(inner) 处求导数时好像又作用了一次函数：缓存的是不是已经激活过的值？")
    case .derivativeOfInput:
      return say(
        "at \(inner) the derivative seems to be taken from the value before the function, not from the one after it",
        "\(inner) 处的导数好像用了激活之前的值，而不是激活之后的值")
    case .otherDerivative:
      return say(
        "at \(inner) the derivative of the other activation seems to stand: σ and tanh have different ones",
        "\(inner) 处好像用了另一个激活函数的导数：σ 与 tanh 的导数不同")
    case .derivativeFirstHalf, .derivativeSecondHalf:
      return say("at \(inner) one factor of the derivative seems to be missing", "\(inner) 处的导数好像少了一个因子")
    case .derivativeSquared:
      return say(
        "at \(inner) the derivative seems to have (1 − \(inner))² in the place of 1 − \(squared(inner))",
        "\(inner) 处的导数好像把 1 − \(squared(inner)) 写成了 (1 − \(inner))²")
    case .derivativeSignTurned:
      return say("at \(inner) a sign in the derivative seems to be turned round", "\(inner) 处的导数里好像有一个符号反了")
    case .derivativeAtPrevious:
      return say(
        "at \(inner) the derivative seems to be taken at \(standIn), and not at \(target)",
        "\(inner) 处的导数好像是在 \(standIn) 处算的，而不是在 \(target) 处")
    case .factorTwice:
      return say("on the path \(path) the factor \(other) seems to stand twice", "路径 \(path) 上好像乘了两次 \(other)")
    case .productItself:
      return say(
        "on the path \(path) the product \(inner) itself seems to stand where \(other) belongs",
        "路径 \(path) 上，应乘 \(other) 的地方好像乘了整个乘积 \(inner)")
    case .overwritten:
      return say(
        "what comes to \(target) by way of \(other) and \(standIn) seems to be lost: is the sum overwritten, with = where += belongs?",
        "经 \(other) 和 \(standIn) 传到 \(target) 的部分好像丢了：是不是把累加的 += 写成了 =，被覆盖了？")
    case .softmaxMeanMissing:
      return say(
        "at \(inner) the weighted mean of what arrives seems not to be subtracted: the softmax makes each entry depend on all",
        "\(inner) 处好像没有减去传来的梯度的加权平均：softmax 的每个分量依赖所有分量")
    case .softmaxMeanAdded:
      return say(
        "at \(inner) the weighted mean of what arrives seems to have the wrong sign",
        "\(inner) 处，传来的梯度的加权平均符号好像反了")
    case .softmaxMeanOverBatch:
      return say(
        "at \(inner) the weighted mean of what arrives seems to be taken over the samples, and not over the entries of each",
        "\(inner) 处的加权平均好像是对样本求的，而不是对每个样本的各个分量求的")
    case .complement:
      return say(
        "on the path \(path) a gate seems to stand the wrong way round: \(standIn) where \(other) belongs",
        "路径 \(path) 上的门好像用反了：应为 \(other) 的地方用了 \(standIn)")
    case .functionForDerivative, .valueForDerivative:
      return say(
        "at \(inner) the function itself seems to stand where its derivative belongs", "\(inner) 处该乘导数的地方，好像乘了函数本身")
    case .derivativeElsewhere:
      return say(
        "at \(inner) the derivative seems to be made from \(standIn)", "\(inner) 处的导数好像是用 \(standIn) 算出来的")
    case .softmaxDiagonal:
      return say(
        "at \(inner) each entry seems to be differentiated by itself: the softmax makes each depend on all",
        "\(inner) 处好像每个分量只对自己求了导：softmax 的每个分量依赖所有分量")
    case .softmaxLessTarget:
      return say(
        "at \(inner) the shortcut for a softmax with cross entropy seems to stand, as if what arrives were the target",
        "\(inner) 处好像用了 softmax 加交叉熵的简化公式，把传来的梯度当成了目标")
    case .otherGradient:
      return say(
        "on the path \(path) the gradient at \(standIn) seems to be handed on, and not the one at \(other)",
        "路径 \(path) 上，往回传的好像是 \(standIn) 处的梯度，而不是 \(other) 处的")
    case .otherGradientToo:
      return say(
        "on the path \(path) the gradient at \(standIn) seems to come in besides the one at \(other)",
        "路径 \(path) 上，除了 \(other) 处的梯度，好像还加上了 \(standIn) 处的")
    case .partsExchanged:
      return say(
        "on the way back the places of \(other) and \(standIn) in \(target) seem to be exchanged",
        "反向时，\(target) 中 \(other) 和 \(standIn) 的位置好像互换了")
    case .otherOperand:
      return say(
        "on the path \(path) \(standIn) seems to stand where \(other) belongs",
        "路径 \(path) 上，应为 \(other) 的地方好像用了 \(standIn)")
    case .factorsExchanged:
      return say(
        "\(other) and \(standIn) seem to be exchanged: on the path \(path) and on the other one each has the other's factor",
        "\(other) 和 \(standIn) 好像互换了：路径 \(path) 和另一条路径各用了对方的因子")
    case .passedOn:
      return say("the path \(path) seems to be there once too often", "路径 \(path) 好像多了一条")
    case .notTransposed:
      return say(
        "on the path \(path) a matrix (\(other)) seems to stand untransposed", "路径 \(path) 上的矩阵 \(other) 好像没有转置")
    case .presentForPrevious:
      return say(
        "on the path \(path) the new state seems to stand where \(other) belongs",
        "路径 \(path) 上，应为 \(other) 的地方好像用了新的状态")
    case .previousForPresent:
      return say(
        "on the path \(path) the old state seems to stand where \(other) belongs",
        "路径 \(path) 上，应为 \(other) 的地方好像用了旧的状态")
    case .firstFactorOnly, .secondFactorOnly:
      return say(
        "on the path \(path) only one factor of \(other) seems to stand", "路径 \(path) 上，\(other) 好像只用了其中一个因子")
    case .meanOverBatch, .dividedByBatch: return words(ofMean: .slip(slip), target: target)
    case .firstSampleOnly:
      return say("\(target): only the first sample seems to count", "\(target)：好像只算了第一个样本")
    case .lastSampleOnly:
      return say("\(target): only the last sample seems to count", "\(target)：好像只算了最后一个样本")
    }
  }

  /// The square of a value that is told as a name, or as a function of one.
  private func squared(_ value: String) -> String { value.contains("(") ? "(\(value))²" : "\(value)²" }
}
