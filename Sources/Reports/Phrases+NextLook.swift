// One next thing to look at for each kind of mistake: a question to put to one's own code, never the answer.

import Faults
public import Grading
import Markdown
import Recurrence
import Sheets

extension Phrases {
  /// What to look at next.
  public func nextLook(_ diagnosis: Diagnosis) -> String {
    let target = diagnosis.path.first.map(MathText.line) ?? ""
    let inner = diagnosis.path.dropFirst().first.map(MathText.line) ?? target
    switch diagnosis.cause {
    case .slip where diagnosis.path.count == 1 && diagnosis.other == nil && arrives(diagnosis.cause):
      return nextLook(ofArriving: diagnosis.cause, target: target)
    case .slip(.otherGradient), .slip(.otherGradientToo):
      let other = diagnosis.other.map(MathText.line) ?? inner
      guard diagnosis.detail.isEmpty else {
        let standIn = diagnosis.standIn.map(MathText.line) ?? ""
        return say(
          "What stands between \(other) and \(standIn), and where is its derivative in that line?",
          "\(other) 与 \(standIn) 之间隔着什么？那一行里有它的导数吗？")
      }
      return say(
        "Which equation made \(other)? What is on the line that goes back through it?",
        "\(other) 是由哪个方程得到的？往回经过它的那一行里写的是什么？")
    case .slip(.dropped) where !diagnosis.rest.isEmpty:
      let owner = diagnosis.path.last.map(MathText.line) ?? target
      return say(
        "What is the whole gradient of \(owner) called in your code, and is it what stands in that line?",
        "\(owner) 的全部梯度在你的代码里叫什么？那一行里用的是它吗？")
    case .slip(let slip):
      return nextLook(slip, target: diagnosis.asked.map(MathText.line) ?? target, place: target, inner: inner)
    case .forward(.exchanged) where diagnosis.path.count == 1:
      return say(
        "Read the sheet's equations in which \(target) stands beside your lines for them, symbol by symbol.",
        "请把讲义中含有 \(target) 的方程与你写的那几行逐个符号对照。")
    case .forward(.partOrder), .forward(.stackOrder):
      return say("Compare the order in the sheet's equation with that in your code.", "请把讲义方程中的顺序与代码中的顺序对照一下。")
    case .forward:
      let owner = diagnosis.path.last.map(MathText.line) ?? target
      return say(
        "Read the sheet's equation for \(owner) beside your line for it, symbol by symbol.",
        "请把讲义中 \(owner) 的方程与你写的那一行逐个符号对照。")
    case .time(let slip): return nextLook(slip)
    case .loop:
      return say(
        "Write down for T = 2 what goes into each step and what comes out, and follow your loop.",
        "取 T = 2，写下每一步的输入和输出，再跟着你的循环走一遍。")
    case .model:
      return say(
        "Work one small example by hand and hold every number against yours.", "用手算一个小例子，把每个数与你的程序对照。")
    case .zeros:
      return say("Is the block assigned after it has been computed?", "算出来之后，有没有赋给这一块？")
    case .multiple, .singlePrecision:
      return say("Follow the numbers of one entry from beginning to end.", "请从头到尾跟踪其中一个元素的数值。")
    case .notSummed, .clippedEntries, .clippedNorm:
      return say(
        "Read what the sheet says is to be handed in, and follow the block to the end of your function.",
        "请看讲义要求交什么，再把这一块一直跟到函数结尾。")
    case .transposed where diagnosis.detail == "square":
      return say(
        "Write one entry of \(target) out: which of its two indices belongs to the gradient, and which to what \(target) multiplies?",
        "请写出 \(target) 的一个元素的梯度：两个下标中哪个来自往回传的梯度，哪个来自与 \(target) 相乘的量？")
    case .transposed, .anotherBlock:
      return say("Compare the names and shapes of both sides of that line.", "请核对那一行两边的名字和形状。")
    case .vanished(let vanished): return nextLook(vanished)
    case .ownForward, .ownValues:
      return say("Mend the forward first, then look here again.", "请先改前向计算，再看这里。")
    }
  }

  /// Whether it is about what arrives at a state or an output from outside the step.
  private func arrives(_ cause: Diagnosis.Cause) -> Bool {
    switch cause {
    case .slip(.dropped), .slip(.doubled), .slip(.negated), .slip(.passedOn): true
    default: false
    }
  }

  private func nextLook(ofArriving cause: Diagnosis.Cause, target: String) -> String {
    if cause == .slip(.passedOn) {
      return say(
        "From which of the sheet's equations would that path come?", "这条路径应该来自讲义中的哪个方程？")
    }
    return say(
      "Where does the upstream of \(target) come into your way back, and how often?",
      "\(target) 的上游梯度在你的反向计算里从哪里加入，加入了几次？")
  }

  private func nextLook(_ slip: Fault.Slip, target: String, place: String, inner: String) -> String {
    switch slip {
    case .dropped, .doubled, .onlyOnePath, .overwritten, .passedOn:
      return say(
        "Count the equations in which \(target) stands: each is one path back to it.",
        "数一数 \(target) 出现在几个方程里：每出现一次就有一条传回它的路径。")
    case .negated, .complement:
      return say("Differentiate that one equation by \(target) alone.", "请只把那一个方程对 \(target) 求一次导。")
    case .factorMissing, .factorTwice, .ownValue, .productItself, .presentForPrevious, .previousForPresent,
      .firstFactorOnly, .secondFactorOnly,
      .otherOperand, .factorsExchanged:
      return say("What is \(place) multiplied by in that equation?", "在那个方程里，与 \(place) 相乘的是什么？")
    case .softmaxDiagonal, .softmaxLessTarget, .softmaxMeanMissing, .softmaxMeanAdded, .softmaxMeanOverBatch:
      return say(
        "Write \(inner) for two classes and differentiate both by one of its inputs.",
        "请写出只有两类时的 \(inner)，把两个分量都对一个输入求导。")
    case .otherGradient, .otherGradientToo:
      return say("Which equation made \(inner)?", "\(inner) 是由哪个方程得到的？")
    case .partsExchanged:
      return say("In which order does the way forward have them?", "前向计算里它们的顺序是什么？")
    case .derivativeMissing, .functionForDerivative, .valueForDerivative, .derivativeElsewhere, .derivativeOfValue,
      .derivativeOfInput, .otherDerivative, .derivativeFirstHalf,
      .derivativeSecondHalf, .derivativeSquared, .derivativeSignTurned, .derivativeAtPrevious:
      return say(
        "Which derivative does \(inner) have, written by its own value?", "\(inner) 的导数用它自己的值怎么写？")
    case .notTransposed:
      return say(
        "Write that line out for a 2 × 2 matrix, entry by entry: over which of its indices does it sum?",
        "请取 2 × 2 的矩阵，把那一行逐个元素写出来：求和的是它的哪个下标？")
    case .dividedByBatch:
      return say(
        "Does the loss of the sheet have a mean over the samples in it?", "讲义中的损失里有对样本的平均吗？")
    case .meanOverBatch, .firstSampleOnly, .lastSampleOnly:
      return say("How often is \(target) used in one call, with N samples?", "一次调用有 N 个样本时，\(target) 被用了几次？")
    }
  }

  private func nextLook(_ slip: TimeFault.Slip) -> String {
    switch slip {
    case .firstStepOnly, .lastStepOnly, .firstStepLeftOut, .lastStepLeftOut, .meanOverSteps, .ownLossOnly:
      return say("The same parameter is used at every step: what follows for its gradient?", "每一步用的是同一个参数：它的梯度该怎么算？")
    case .tapeOneEarlier, .tapeOneLater, .tapeReversed, .tapeLastOnly:
      return say("Print the step of each cache as it is used.", "打印一下每次用到的缓存是哪一步的。")
    default:
      return say(
        "Draw T = 2 and mark what reaches each state, from the loss and from the step after.",
        "画出 T = 2 的情形，标出每个状态从损失和后一步收到什么。")
    }
  }
}
