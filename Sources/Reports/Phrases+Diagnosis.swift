// What was probably done, in English and Chinese; never the answer. Mistakes with a cell have their words in Faults.

public import Diagnosis
import Diagnostics
import Faults
import Grading
import Markdown
import Recurrence

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
    let target = diagnosis.path.first.map(MathText.line) ?? ""
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
    case .recovered(let recovered): return words(recovered)
    case .located(let located): return words(located)
    case .onlyWithSeveralSamples:
      return say(
        "with a single sample this is right; it goes wrong where there are several", "只有一个样本时这是对的；有多个样本时才出错")
    case .notLinear:
      return say(
        "this is not linear in the upstream, as every gradient is: with twice the upstream it must be twice as large",
        "这一块对上游梯度不是线性的；任何梯度都是线性的：上游梯度加倍，它也必须加倍")
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
    case .slip(let slip): return told(slip.words(diagnosis.told))
    case .forward(let slip): return told(slip.words(diagnosis.told))
    case .time(let slip): return closed(told(slip.words(diagnosis.told)))
    case .loop(let slip): return closed(told(slip.words(diagnosis.told)))
    }
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

  /// What follow-through earns.
  func followThrough(_ earned: String, of possible: String) -> String {
    say("earns \(earned) of \(possible) points for following from it", "前后一致，得 \(earned) / \(possible) 分")
  }

  /// What stands before the blocks that a mistake explains.
  var explains: String { say("explains", "可以解释") }
}

extension Diagnosis {
  /// What its words are made from, as a person reads it.
  var told: Told {
    Told(
      path: path.map(MathText.line), other: other.map(MathText.line), standIn: standIn.map(MathText.line),
      asked: asked.map(MathText.line), rest: rest.map(MathText.line), detail: detail)
  }
}
