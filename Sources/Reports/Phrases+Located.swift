// Where a loop back goes wrong, in words.

import Diagnosis
import Diagnostics
import Markdown

extension Phrases {
  /// One sentence about where a sequence goes wrong.
  func words(_ located: Located) -> String {
    let place: String
    switch located.step {
    case .first: place = say("at the first step", "在第一步")
    case .beforeLast(0): place = say("at the last step", "在最后一步")
    case .beforeLast(1): place = say("at the step before the last", "在倒数第二步")
    case .beforeLast(let count): place = say("\(count) steps before the last", "在最后一步之前第 \(count) 步")
    }
    let isAtLast = located.step == .beforeLast(0)
    let start =
      isAtLast
      ? say("it goes wrong at once, \(place)", "一开始就不对：\(place)")
      : say(
        "on the way back all is right as far as the step after; \(place) it goes wrong", "往回传的路上，后面各步都对；\(place)开始不对")
    guard !located.right.isEmpty else {
      return isAtLast
        ? start
        : start
          + say(
            ", in all of the step: what is carried to it from the step after is what to look at",
            "，整步都不对：要看的是从后一步传到这一步的量")
    }
    let wrong = located.wrong.map(MathText.line)
    let right = located.right.map(MathText.line)
    return start
      + say(
        ", and only in \(wrong.joined(separator: ", ")); \(right.joined(separator: ", ")) \(right.count == 1 ? "is" : "are") right there",
        "，而且只有 \(wrong.joined(separator: "、")) 不对；那里的 \(right.joined(separator: "、")) 是对的")
  }

  /// What to look at next there.
  func nextLook(_ located: Located) -> String {
    located.right.isEmpty
      ? say(
        "Write down what step t hands to step t−1, term by term: of which step is each factor?",
        "请逐项写出第 t 步传给第 t−1 步的量：每个因子属于哪一步？")
      : say(
        "At that step, which values of another step go into this line, and are they the ones of the step before?",
        "在那一步，哪些别的时刻的值进入了这一行？它们确实是前一步的值吗？")
  }
}
