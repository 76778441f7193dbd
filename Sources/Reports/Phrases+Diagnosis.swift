// The words for each mistake, in English and Chinese: what was probably done, and where to look; never the answer.

import Faults
public import Grading
import Markdown
import Recurrence
import Sheets

extension Phrases {
  /// One sentence about what was probably done.
  public func sentence(_ diagnosis: Diagnosis) -> String {
    var text = diagnosis.words[language] ?? generic(diagnosis)
    if diagnosis.alternatives > 0 {
      let count = diagnosis.alternatives
      text += say(
        " (or \(count) other \(count == 1 ? "mistake" : "mistakes") that would show just so here)",
        "（或另外 \(count) 种在这里表现相同的错误）")
    }
    return text
  }

  /// The words that every sheet has.
  private func generic(_ diagnosis: Diagnosis) -> String {
    var text = words(diagnosis)
    if diagnosis.isEverywhere { text += say("; this at every place of the same kind", "；同类的地方都是如此") }
    if let share = diagnosis.share.map(MathText.line), !Self.tellsShare(diagnosis) {
      text += say("; this only in what comes from the upstream of \(share)", "；只在来自 \(share) 上游梯度的那一部分里如此")
    }
    switch diagnosis.end {
    case .first: text += say("; this at the first step alone", "；只在第一步如此")
    case .last: text += say("; this at the last step alone", "；只在最后一步如此")
    case nil: break
    }
    return text
  }

  /// Whether what is left out is the share of one result at a place where others come in: the words say so.
  private static func tellsShare(_ diagnosis: Diagnosis) -> Bool {
    diagnosis.cause == .slip(.dropped) && !diagnosis.rest.isEmpty
  }

  private func words(_ diagnosis: Diagnosis) -> String {
    let path = diagnosis.path.map(MathText.line).joined(separator: " ← ")
    let target = diagnosis.path.first.map(MathText.line) ?? ""
    let other = diagnosis.other.map(MathText.line) ?? ""
    let inner = diagnosis.path.dropFirst().first.map(MathText.line) ?? target
    let standIn = diagnosis.standIn.map(MathText.line)
    switch diagnosis.cause {
    case .zeros: return say("\(target): only zeros were handed in", "\(target)：交上来的全是零")
    case .multiple(-1): return say("\(target): the sign is turned round", "\(target)：符号反了")
    case .multiple(let factor):
      let number = Self.apart(factor, 1).0
      return say("\(target): \(number) times what is right", "\(target)：是正确值的 \(number) 倍")
    case .transposed: return say("\(target): it is transposed", "\(target)：被转置了")
    case .notSummed:
      return say(
        "\(target): each sample seems to have a part of its own, not summed over the samples",
        "\(target)：好像每个样本各占一份，没有对样本求和")
    case .clippedEntries(let limit):
      let number = Self.number(limit)
      return say(
        "\(target): the entries seem to be clipped to between -\(number) and \(number)",
        "\(target)：各元素好像被截断到了 -\(number) 与 \(number) 之间")
    case .clippedNorm(let limit):
      return say(
        "\(target): it seems to be scaled down to a norm of \(Self.number(limit))",
        "\(target)：好像按范数 \(Self.number(limit)) 缩小了")
    case .anotherBlock:
      let name = diagnosis.path.last.map(MathText.line) ?? ""
      guard diagnosis.detail == "swapped" else {
        return say(
          "\(target) holds what belongs to \(name); was a line copied, and a name in it left as it was?",
          "\(target) 里放的是 \(name) 的值；是不是复制了一行，却漏改了其中一个名字？")
      }
      return say(
        "\(target) holds what belongs to \(name); are two names swapped?", "\(target) 里放的是 \(name) 的值；两个名字是不是写反了？")
    case .singlePrecision:
      return say(
        "\(target) is right to seven digits only: is there a Float where a Double belongs?",
        "\(target) 只有前七位对：是不是有该用 Double 的地方用了 Float？")
    case .vanished(let vanished): return words(vanished)
    case .ownForward:
      let tail =
        diagnosis.detail == "simpler"
        ? say(
          "; it earns nothing here, because that forward leaves out what there was to differentiate",
          "；这里不给分，因为那样的前向计算把该求导的部分省掉了") : ""
      return say("right for your own forward, which is wrong", "对你自己的前向计算来说是对的，错在前向计算") + tail
    case .ownValues:
      return say(
        "the formulas are the sheet's own, and the values of your wrong forward went into them",
        "公式与讲义一致，只是代入了你的前向计算得到的错误数值")
    case .model(let slip): return words(slip)
    case .slip(.meanOverBatch), .slip(.dividedByBatch): return words(ofMean: diagnosis.cause, target: target)
    case .slip(let slip) where diagnosis.other == nil && diagnosis.path.count == 1:
      return words(ofArriving: slip, target: target, standIn: standIn)
    case .slip(.dropped) where Self.tellsShare(diagnosis):
      let owner = diagnosis.path.last.map(MathText.line) ?? target
      let rest = list(diagnosis.rest.map(MathText.line))
      return say(
        "on the path \(path) the upstream of \(rest) alone seems to be used, not the whole gradient of \(owner)",
        "路径 \(path) 上好像只用了 \(rest) 的上游梯度，而不是 \(owner) 的全部梯度")
    case .slip(.factorsExchanged) where diagnosis.detail == "sign":
      return say(
        "\(other) and \(standIn ?? "") seem to be exchanged on the path \(path), so that the gradient of \(target) has its sign turned round",
        "路径 \(path) 上 \(other) 和 \(standIn ?? "") 好像互换了，于是 \(target) 的梯度变了号")
    case .slip(.derivativeFirstHalf) where diagnosis.detail == "square":
      return say("at \(inner) the square in the derivative seems to be forgotten", "\(inner) 处的导数里好像忘了平方")
    case .slip(.otherGradient) where !diagnosis.detail.isEmpty:
      let function = ["sigmoid": "σ", "softmax": say("the softmax", "softmax")][diagnosis.detail] ?? diagnosis.detail
      return say(
        "on the path \(path) the derivative of \(function) seems to be skipped: the gradient of \(standIn ?? "") stands there, and that of \(other) belongs there",
        "路径 \(path) 上好像跳过了 \(function) 的导数：那里用的是 \(standIn ?? "") 处的梯度，而应该用 \(other) 处的梯度")
    case .slip(let slip):
      return words(slip, path: path, target: target, inner: inner, other: other, standIn: standIn ?? "")
    case .forward(let slip): return words(slip, diagnosis, other: other, standIn: standIn ?? "")
    case .time(let slip): return closed(words(slip, of: list(diagnosis.path.map(MathText.line))))
    case .loop(let slip): return closed(words(slip, of: target, standIn: standIn ?? ""))
    }
  }

  /// A mean where a sum belongs, or where nothing belongs.
  func words(ofMean cause: Diagnosis.Cause, target: String) -> String {
    if cause == .slip(.meanOverBatch) {
      return say(
        "\(target): the mean over the samples seems to stand where the sum belongs", "\(target)：应对样本求和的地方好像求了平均")
    }
    guard !target.isEmpty else {
      return say(
        "all that goes back seems to be divided by the number of samples N", "往回传的梯度好像全都除以了样本数 N")
    }
    return say(
      "what goes back to \(target) seems to be divided by the number of samples N", "传回 \(target) 的梯度好像除以了样本数 N")
  }

  /// A mistake with what arrives at a state or an output from outside the step.
  private func words(ofArriving slip: Fault.Slip, target: String, standIn: String?) -> String {
    switch slip {
    case .negated:
      return say(
        "what arrives at \(target) from outside the step seems to have its sign turned round",
        "从这一步外面传到 \(target) 的梯度，符号好像反了")
    case .doubled:
      return say(
        "what arrives at \(target) from outside the step seems to be counted twice", "从这一步外面传到 \(target) 的梯度好像算了两次")
    case .passedOn:
      let factor = standIn.map { say(" times \($0)", "乘以 \($0) 后") } ?? ""
      return say(
        "what arrives at \(target) seems to go on to the step before\(factor), by a path that no equation has",
        "传到 \(target) 的梯度好像\(factor)又直接传给了前一步，而方程里没有这条路径")
    default:
      return say(
        "what arrives at \(target) from outside the step (the loss and the step after) seems to be left out",
        "从这一步外面（损失和后一步）传到 \(target) 的梯度好像漏掉了")
    }
  }

  /// What follow-through earns.
  func followThrough(_ earned: String, of possible: String) -> String {
    say("earns \(earned) of \(possible) points for following from it", "前后一致，得 \(earned) / \(possible) 分")
  }

  /// What stands before the blocks that a mistake explains.
  var explains: String { say("explains", "可以解释") }
}
