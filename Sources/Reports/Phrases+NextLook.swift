// One next thing to look at for each kind of mistake: a question to put to one's own code, never the answer.

public import Diagnosis
import Diagnostics
import Faults
import Grading
import Markdown
import Recurrence

extension Phrases {
  /// What to look at next.
  public func nextLook(_ diagnosis: Diagnosis) -> String {
    let target = diagnosis.path.first.map(MathText.line) ?? ""
    switch diagnosis.cause {
    case .slip(let slip): return told(slip.look(diagnosis.told))
    case .forward(let slip): return told(slip.look(diagnosis.told))
    case .time(let slip): return told(slip.look(diagnosis.told))
    case .loop(let slip): return told(slip.look(diagnosis.told))
    case .model:
      return say(
        "Work one small example by hand and compare every number with yours.", "用手算一个小例子，把每个数与你的程序对照。")
    case .zeros:
      return say("Is the block assigned after it has been computed?", "算出来之后，有没有赋给这一块？")
    case .multiple, .singlePrecision:
      return say("Follow the numbers of one entry from beginning to end.", "请从头到尾跟踪其中一个元素的数值。")
    case .notSummed, .clippedEntries, .clippedNorm:
      return say(
        "Read what the sheet asks for, and follow the block to the end of your function.",
        "请看题目要求交什么，再把这一块一直跟到函数结尾。")
    case .transposed where diagnosis.detail == "square":
      return say(
        "Write one entry of \(target) out: which of its two indices belongs to the gradient, and which to what \(target) multiplies?",
        "请写出 \(target) 的一个元素的梯度：两个下标中哪个来自往回传的梯度，哪个来自与 \(target) 相乘的量？")
    case .transposed, .anotherBlock:
      return say("Compare the names and shapes of both sides of that line.", "请核对那一行两边的名字和形状。")
    case .vanished(let vanished): return nextLook(vanished)
    case .recovered(let recovered): return nextLook(recovered)
    case .located(let located): return nextLook(located)
    case .onlyWithSeveralSamples:
      return say(
        "Which sums in that line run over the samples, and which must not?", "那一行里，哪些求和是对样本做的，哪些不该是？")
    case .notLinear:
      return say(
        "Where is a term of that line that is not multiplied by the upstream, or multiplied by it twice?",
        "那一行里，哪一项没有乘上游梯度，或者乘了两次？")
    case .ownForward, .ownValues:
      return say("Fix the forward pass first, then look here again.", "请先改前向计算，再看这里。")
    }
  }
}
