// The words for what an experiment on a learner's cell must give, and for what it gave.

import Diagnostics
public import Grading
import Markdown

extension Phrases {
  /// What a check looks at: in words where it is an experiment, else in readable math.
  public func title(_ check: Check) -> String {
    guard let wanted = check.requirement else { return check.title }
    let lower = Self.number(wanted.lower ?? 0, digits: 4)
    let upper = Self.number(wanted.upper ?? 0, digits: 4)
    switch wanted.subject {
    case .curve(let state): return say("\(Self.gradient(state)) at every step", "每一步的 \(Self.gradient(state))")
    case .steps:
      return say(
        "a step depends only on its input, the previous state and the parameters", "每一步只由输入、前一步的状态和参数决定")
    case .gradient: return say("backward is the derivative of forward", "backward 正是 forward 的导数")
    case .growth(let state):
      return say(
        "‖\(Self.gradient(state))‖ is at most \(upper) times that of the last step",
        "‖\(Self.gradient(state))‖ 至多是最后一步的 \(upper) 倍")
    case .decay(let state):
      return say(
        "‖\(Self.gradient(state))‖ is at least \(lower) times that of the last step",
        "‖\(Self.gradient(state))‖ 至少是最后一步的 \(lower) 倍")
    case .rate(let state):
      return say(
        "each step back changes log₁₀ ‖\(Self.gradient(state))‖ by \(lower) to \(upper)",
        "每往回走一步，log₁₀ ‖\(Self.gradient(state))‖ 的变化在 \(lower) 到 \(upper) 之间")
    case .turn(let state):
      return say(
        "\(Self.gradient(state)) changes its direction by at least \(lower) from the last step to the first",
        "从最后一步到第一步，\(Self.gradient(state)) 的方向至少改变 \(lower)")
    case .far:
      return say(
        "another first input changes the last state by at least \(lower) of its size",
        "换掉第一步的输入，最后的状态至少改变其大小的 \(lower)")
    case .order:
      return say(
        "the inputs in reverse order change the last state by at least \(lower) of its size",
        "输入倒序，最后的状态至少改变其大小的 \(lower)")
    case .parameter(let name):
      return say(
        "another \(name) changes the last state by at least \(lower) of its size", "改动 \(name)，最后的状态至少改变其大小的 \(lower)")
    case .state:
      return say(
        "the last state differs between samples by \(lower) to \(upper)", "各样本的最后状态相差 \(lower) 到 \(upper)")
    }
  }

  /// The gradient by a state, such as ∂L/∂hₜ.
  private static func gradient(_ state: String) -> String { "∂L/∂" + MathText.line("\(state)_t") }

  /// What was measured, and where.
  package func sentence(_ measurement: Measurement) -> String {
    let number =
      measurement.measured.map { value in
        // What misses its limit must not read as if it met it.
        let missed = [measurement.lower.map { value < $0 }, measurement.upper.map { value > $0 }].map { $0 ?? false }
        let limit = missed[0] ? measurement.lower : missed[1] ? measurement.upper : nil
        return limit.map { Self.apart(value, $0, digits: 3).0 } ?? Self.number(value, digits: 3)
      } ?? "0 / 0"
    let place = measurement.place.map { say(" (\(at($0)))", "（\(at($0))）") } ?? ""
    switch measurement.subject {
    case .curve:
      if measurement.holds { return say("relative error \(number)", "相对误差 \(number)") }
      if measurement.isForward {
        return say(
          "the states already differ in the forward pass: relative error \(number)\(place)",
          "前向计算得到的状态已经不同：相对误差 \(number)\(place)")
      }
      guard let norms = measurement.norms else {
        return say("relative error \(number)\(place)", "相对误差 \(number)\(place)")
      }
      if abs(norms.received - norms.expected) <= (measurement.upper ?? 0) * norms.expected {
        return say("the norm is right and the direction is not\(place)", "范数对了，方向不对\(place)")
      }
      let (received, expected) = Self.apart(norms.received, norms.expected, digits: 4)
      return say(
        "the norm is \(received), and should be \(expected)\(place)", "范数是 \(received)，应为 \(expected)\(place)")
    case .steps:
      if measurement.holds { return say("relative error \(number)", "相对误差 \(number)") }
      return say(
        "the same step gave another result when it was called by itself: relative error \(number)\(place)",
        "单独调用同一步，结果不同：相对误差 \(number)\(place)")
    case .gradient:
      if measurement.holds { return say("relative error \(number)", "相对误差 \(number)") }
      let block = measurement.block ?? ""
      return say(
        "the gradient with respect to \(block) differs by \(number) from finite differences of forward\(place)",
        "对 \(block) 的梯度与 forward 的差分相差 \(number)\(place)")
    case .growth, .decay, .rate, .turn, .far, .order, .parameter, .state:
      return say("measured \(number)\(place)", "测得 \(number)\(place)")
    }
  }

  /// A number that is good enough and earns nothing, because the cell is not what the task is about.
  func withheld(_ measurement: Measurement, _ needs: Set<Measurement.Need>) -> String {
    let reason =
      switch Measurement.Need.allCases.first(where: needs.contains) {
      case .curve: say("the gradient is not the sheet's at every step", "并非每一步的梯度都与题目一致")
      case .derivative: say("backward is not the derivative of forward", "backward 不是 forward 的导数")
      case .bounds: say("the gradient leaves its bounds", "梯度超出了界限")
      case .recurrence, nil:
        say(
          "the last state does not depend on all that it should",
          "最后的状态没有依赖于应当依赖的全部内容")
      }
    return say(
      "\(sentence(measurement)): enough, but not counted, since \(reason)",
      "\(sentence(measurement))：符合要求，但不计分，因为\(reason)")
  }

  private func at(_ place: ExperimentPlace) -> String {
    let step = place.step.map { say(", step \($0)", "，第 \($0) 步") } ?? ""
    return say("\(place.variant), network \(place.network)\(step)", "\(place.variant)，第 \(place.network) 个网络\(step)")
  }
}
