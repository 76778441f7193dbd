// The formula of what was computed, in words: what is different is named, and never the whole of what is right.

import Diagnosis
import Diagnostics
import Markdown

extension Phrases {
  /// One sentence about a formula that was found.
  func words(_ recovered: Recovered) -> String {
    let name = MathText.line(recovered.of)
    var sentences: [String] = []
    if let computed = recovered.computed.map(MathText.line) {
      sentences.append(say("for \(name) your code computes \(computed)", "对 \(name)，你的程序算的是 \(computed)"))
    } else {
      sentences.append(say("\(name) is wrong", "\(name) 不对"))
    }
    for part in recovered.parts {
      if let said = words(part, isShown: recovered.computed != nil) { sentences.append(said) }
    }
    if !recovered.also.isEmpty {
      let others = recovered.also.map(MathText.line)
      sentences.append(
        say("the same in \(others.joined(separator: ", "))", "\(others.joined(separator: "、")) 也是如此"))
    }
    if let gate = recovered.gate.map(MathText.line), !recovered.rightGates.isEmpty {
      let others = recovered.rightGates.map(MathText.line)
      sentences.append(
        say(
          "only the part of \(gate) differs; \(others.joined(separator: ", ")) \(others.count == 1 ? "is" : "are") right",
          "只有 \(gate) 那一部分不同；\(others.joined(separator: "、")) 是对的"))
    }
    return sentences.joined(separator: say("; ", "；"))
  }

  private func words(_ part: Recovered.Part, isShown: Bool) -> String? {
    let source = part.source.map(MathText.line)
    let place =
      source.map { say("in what comes from the upstream of \($0)", "来自 \($0) 上游梯度的部分里") }
      ?? say("with no upstream at all", "没有任何上游梯度时")
    switch part.outcome {
    case .right: return source.map { say("what comes from the upstream of \($0) is right", "来自 \($0) 上游梯度的部分是对的") }
    case .missing: return source.map { say("nothing arrives from the upstream of \($0)", "\($0) 的上游梯度没有传到这里") }
    case .unknown: return say("\(place) there are other numbers", "\(place)数值不同")
    case .formula(let formula):
      guard source != nil else {
        return say(
          "\(MathText.line(formula)) is left when no gradient arrives", "没有梯度传来时还剩下 \(MathText.line(formula))")
      }
      var said: [String] = part.dividing.map(MathText.line).map { factor in
        say("\(factor) divides where it should multiply", "\(factor) 本该相乘，却成了除数")
      }
      if !part.missing.isEmpty {
        let list = part.missing.map(MathText.line)
        said.append(say("a factor \(list.joined(separator: ", ")) is missing", "少了因子 \(list.joined(separator: "、"))"))
      }
      if !part.foreign.isEmpty {
        let list = part.foreign.map(MathText.line)
        said.append(
          say(
            "\(list.joined(separator: ", ")) \(list.count == 1 ? "does" : "do") not belong there",
            "\(list.joined(separator: "、")) 不该出现"))
      }
      if said.isEmpty {
        return isShown ? nil : say("\(place) there is \(MathText.line(formula))", "\(place)是 \(MathText.line(formula))")
      }
      return place + say(" ", "，") + said.joined(separator: say(", and ", "，"))
    }
  }

  /// What to look at next where a formula was found.
  func nextLook(_ recovered: Recovered) -> String {
    if recovered.parts.contains(where: { $0.source == nil }) {
      return say("Check the brackets on that line: which terms does the upstream multiply?", "请检查那一行的括号：上游梯度乘到了哪些项？")
    }
    return say(
      "Write the derivative of that one equation down by hand, and compare it with the line factor by factor.",
      "请用手写出那一个方程的导数，再与你那一行逐个因子对照。")
  }
}
