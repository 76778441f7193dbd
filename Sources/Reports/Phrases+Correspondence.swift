// Derivation and code, side by side: which of the two to mend, and at which line.

import Diagnostics
public import Grading
import Derivation
import Markdown

extension Phrases {
  /// One sentence on how a gradient of the code stands to the derivation.
  public func sentence(_ link: Correspondence) -> String {
    let roots = roots(of: link)
    switch link.verdict {
    case .codeDiffers:
      return say(
        "the derivation is right, the code differs from it\(steps(link)): look at the code",
        "推导是对的，代码与它不同\(steps(link))：请检查代码") + assumed(link)
    case .derivationDiffers:
      return say(
        "the code is right, the derivation is not\(steps(link)): look at \(roots)",
        "代码是对的，推导不对\(steps(link))：请看\(roots)") + assumed(link)
    case .sameMistake:
      return say(
        "derivation and code agree, and both are wrong\(steps(link)): the mistake is in the mathematics, at \(roots)",
        "推导与代码一致，但都不对\(steps(link))：错在数学，不在代码，见\(roots)") + assumed(link)
    case .bothDiffer:
      return say(
        "derivation and code are both wrong, each in its own way: mend \(roots) first, then hold the code against it",
        "推导和代码都不对，而且错得不一样：先改\(roots)，再拿代码与它对照") + assumed(link)
    case .notStated:
      return say(
        "the code is wrong here, and the derivation does not say yet what it should be",
        "代码在这里不对，而推导还没有写出它应该是什么")
    case .tooMuchWork:
      return say(
        "the lines of the derivation take too much work to evaluate on the code's inputs; make their sums shorter",
        "在代码的输入上计算推导中的式子工作量过大；请缩短求和范围")
    }
  }

  /// The gradient, with the line that states it where that line is what to hold the code against.
  package func title(_ link: Correspondence) -> String {
    guard link.verdict == .codeDiffers, let line = link.line else { return link.title }
    return link.title + say(" (line \(line))", "（第 \(line) 行）")
  }

  /// The heading of what is told about derivation and code.
  var correspondenceHeading: String {
    say("your derivation and your code, on the same inputs:", "你的推导与代码，在同样的输入上：")
  }

  /// The lines on which a derivation goes wrong, each with what it is about.
  private func roots(of link: Correspondence) -> String {
    let shown = link.roots.prefix(Self.shownRoots).map { root in
      say("\(root.line) (\(MathText.line(root.latex)))", "第 \(root.line) 行（\(MathText.line(root.latex))）")
    }
    let all = shown.count == link.roots.count ? shown : shown + ["…"]
    return say(
      "\(all.count == 1 ? "line" : "lines") \(all.joined(separator: ", "))", "\(all.joined(separator: "、"))")
  }

  private static let shownRoots = 3

  /// The steps, where it is not all of them.
  private func steps(_ link: Correspondence) -> String {
    guard !link.steps.isEmpty, link.steps.count < link.stepCount else { return "" }
    let list = link.steps.map(String.init)
    return list.count == 1
      ? say(" at step \(list[0])", "（第 \(list[0]) 步）")
      : say(" at the steps \(list.joined(separator: ", "))", "（第 \(list.joined(separator: "、")) 步）")
  }

  private func assumed(_ link: Correspondence) -> String {
    guard !link.assumed.isEmpty else { return "" }
    let list = link.assumed.map(MathText.line).joined(separator: say(", ", "、"))
    return say(
      "; \(list): not derived yet, taken as it should be", "；\(list) 还没有推导，这里取的是它应有的值")
  }
}
