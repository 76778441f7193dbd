// The words for each mistake, in English and Chinese: what was probably done, and where to look; never the answer.

public import Grading
import Recurrence
import Sheets

extension Phrases {
  /// One sentence about what was probably done.
  public func sentence(_ diagnosis: Diagnosis) -> String {
    var text = words(diagnosis)
    if diagnosis.isEverywhere { text += say("; this at every place of the same kind", "；同类的地方都是如此") }
    if diagnosis.alternatives > 0 {
      let count = diagnosis.alternatives
      text += say(
        " (or \(count) other \(count == 1 ? "mistake" : "mistakes") with the same effect)", "（或另外 \(count) 种效果相同的错误）")
    }
    return text
  }

  private func words(_ diagnosis: Diagnosis) -> String {
    let path = diagnosis.path.map(MathText.line).joined(separator: " ← ")
    let target = diagnosis.path.first.map(MathText.line) ?? ""
    let other = diagnosis.other.map(MathText.line) ?? ""
    let inner = diagnosis.path.dropFirst().first.map(MathText.line) ?? target
    switch diagnosis.cause {
    case .zeros: return say("\(target): only zeros were handed in", "\(target)：交上来的全是零")
    case .multiple(-1): return say("\(target): the sign is turned round", "\(target)：符号反了")
    case .multiple(let factor):
      let number = Self.number(factor)
      return say("\(target): \(number) times the right gradient", "\(target)：是正确梯度的 \(number) 倍")
    case .transposed: return say("\(target): the gradient is transposed", "\(target)：梯度被转置了")
    case .anotherBlock:
      let name = diagnosis.path.last.map(MathText.line) ?? ""
      return say(
        "\(target) holds the gradient by \(name); are two names swapped?", "\(target) 里放的是对 \(name) 的梯度；两个名字是不是写反了？")
    case .model(let slip): return words(slip)
    case .slip(let slip): return words(slip, path: path, target: target, inner: inner, other: other)
    }
  }

  private func words(_ slip: Fault.Slip, path: String, target: String, inner: String, other: String) -> String {
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
    case .meanOverBatch:
      return say(
        "\(target): the mean over the samples seems to stand where the sum belongs", "\(target)：应对样本求和的地方好像求了平均")
    case .firstSampleOnly:
      return say("\(target): only the first sample seems to count", "\(target)：好像只算了第一个样本")
    }
  }

  /// What stands before the blocks that a mistake explains.
  var explains: String { say("explains", "可以解释") }
}
