// The words for gradients that go wrong only where they are very small.

package import Diagnosis
import Diagnostics
import Grading

extension Phrases {
  /// What is wrong where the gradient has all but vanished.
  package func words(_ vanished: Vanished) -> String {
    let steps = vanished.steps
    if vanished.slip == .outputs {
      return say(
        "right over a few steps; over \(steps) steps it goes wrong from step \(vanished.step ?? 1) on",
        "步数少时是对的；共 \(steps) 步时，从第 \(vanished.step ?? 1) 步起就不对了")
    }
    let size = Self.number(vanished.size, digits: 2)
    let place =
      vanished.step.map {
        say(
          "from step \($0) of \(steps) back, where it is \(size) of what it is at the last step,",
          "从第 \($0) 步（共 \(steps) 步）往前，梯度只有最后一步的 \(size)，")
      } ?? say("where it is \(size) of what it is at the last step,", "梯度只有最后一步的 \(size) 时，")
    return say("right as long as the gradient is not small; \(place) ", "梯度不太小时是对的；\(place)")
      + words(vanished.slip)
  }

  private func words(_ slip: Vanished.Slip) -> String {
    switch slip {
    case .zeros: say("your values are all zeros", "交上来的全是零")
    case .multiple(-1): say("the sign is flipped", "符号反了")
    case .multiple(let factor):
      say(
        "your values are \(Self.apart(factor, 1, digits: 3).0) times the right ones",
        "交上来的是正确值的 \(Self.apart(factor, 1, digits: 3).0) 倍")
    case .tooLarge: say("your values are far too large", "交上来的数大得太多")
    case .fewDigits: say("only the first digits are right", "只有前几位数字对")
    case .other, .outputs: say("your values are wrong", "交上来的数值不同")
    }
  }

  /// What to look at next.
  func nextLook(_ vanished: Vanished) -> String {
    switch vanished.slip {
    case .zeros:
      say(
        "Does your backward loop end early, or does it compare a gradient with a small number?",
        "反向的循环是不是提前结束了，或者拿梯度与某个很小的数作了比较？")
    case .multiple, .other:
      say(
        "Is there a branch in your backward pass that only small numbers take?", "反向计算里有没有只有很小的数才会走到的分支？")
    case .tooLarge:
      say(
        "Is a small number added to a gradient somewhere, or a minimum set for it?", "是不是在哪里给梯度加了一个很小的数，或者规定了它的最小值？")
    case .fewDigits:
      say("Where are two nearly equal numbers subtracted?", "哪里有两个几乎相等的数相减？")
    case .outputs:
      say("What does your forward loop do from that step on that it did not do before?", "从那一步起，你的前向循环与前面的步有什么不同？")
    }
  }
}
