// The table of mistakes of a step: whole paths, left out, counted twice, lost, or of one sample.

import Diagnostics
import Recurrence

extension Fault.Slip {
  public static let dropped = Self("dropped", .everywhere, .nothing, look: lookOfDropped) { told in
    if told.isArriving {
      return Message(
        "what arrives at \(told.target) from outside the step (the loss and the step after) seems to be left out",
        "从这一步外面（损失和后一步）传到 \(told.target) 的梯度好像漏掉了")
    }
    guard told.rest.isEmpty else {
      return Message(
        "on the path \(told.route) the upstream of \(Told.list(told.rest)) alone seems to be used, not the whole gradient of \(told.owner)",
        "路径 \(told.route) 上好像只用了 \(Told.list(told.rest)) 的上游梯度，而不是 \(told.owner) 的全部梯度")
    }
    return Message("the path \(told.route) seems to be left out", "好像漏了路径 \(told.route)")
  }

  private static let lookOfDropped = Look.arriving { told in
    guard told.rest.isEmpty else {
      return Message(
        "What is the whole gradient of \(told.owner) called in your code, and is it what that line contains?",
        "\(told.owner) 的全部梯度在你的代码里叫什么？那一行里用的是它吗？")
    }
    return Look.paths(told)
  }

  public static let negated = Self("negated", .everywhere, .scaled { _ in -1 }, look: Look.arriving(Look.equation)) {
    told in
    told.isArriving
      ? Message(
        "what arrives at \(told.target) from outside the step seems to have its sign turned round",
        "从这一步外面传到 \(told.target) 的梯度，符号好像反了")
      : Message("the sign of the path \(told.route) seems to be flipped", "路径 \(told.route) 的符号好像反了")
  }

  public static let doubled = Self(
    "doubled", .everywhere, .scaled { _ in 2 }, look: Look.arriving(Look.paths)
  ) { told in
    told.isArriving
      ? Message(
        "what arrives at \(told.target) from outside the step seems to be counted twice",
        "从这一步外面传到 \(told.target) 的梯度好像算了两次")
      : Message("the path \(told.route) seems to be counted twice", "路径 \(told.route) 好像算了两次")
  }

  /// Of several edges into one value all but one left out.
  public static let onlyOnePath = Self("onlyOnePath", .listed, .nothing, look: Look.paths) { told in
    Message(
      "of all the paths into \(told.target) only \(told.route) seems to be there",
      "通向 \(told.target) 的各条路径中好像只有 \(told.route)")
  }

  /// Of four or more like ones two, as where a later one overwrites what has been added up.
  public static let overwritten = Self("overwritten", .listed, .nothing, look: Look.paths) { told in
    Message(
      "what reaches \(told.target) through \(told.factor) and \(told.stand) seems to be lost: is the sum overwritten, with = where += belongs?",
      "经 \(told.factor) 和 \(told.stand) 传到 \(told.target) 的部分好像丢了：是不是把累加的 += 写成了 =，被覆盖了？")
  }

  /// A path that is not there: what arrives at a state handed on to the state before, as it is or times a quantity.
  public static let passedOn = Self("passedOn", .listed, .nothing, look: lookOfPassedOn) { told in
    guard told.isArriving else {
      return Message("the path \(told.route) seems to be counted one time too many", "路径 \(told.route) 好像多了一条")
    }
    let factor = told.standIn.map { Message(" times \($0)", "乘以 \($0) 后") } ?? ""
    return Message(
      "what arrives at \(told.target) seems to go on to the step before\(factor), by a path that no equation has",
      "传到 \(told.target) 的梯度好像\(factor)又直接传给了前一步，而方程里没有这条路径")
  }

  private static let lookOfPassedOn: Words = { told in
    told.isArriving
      ? Message("From which of the sheet's equations would that path come?", "这条路径应该来自题目中的哪个方程？") : Look.paths(told)
  }

  // MARK: Samples

  /// The mean over the samples of what they share.
  public static let meanOverBatch = Self(
    "meanOverBatch", .edges(\.isSpread), .scaled { 1 / Double($0) }, look: Look.samples
  ) { told in
    Message(
      "\(told.target): the mean over the samples seems to stand where the sum belongs",
      "\(told.target)：应对样本求和的地方好像求了平均")
  }

  /// What is not shared, divided by the size of the batch; without an edge, all that arrives.
  public static let dividedByBatch = Self(
    "dividedByBatch", .edges(\.isGate), .scaled { 1 / Double($0) }, look: Look.mean
  ) { told in
    told.target.isEmpty
      ? Message(
        "all that goes back seems to be divided by the number of samples N", "往回传的梯度好像全都除以了样本数 N")
      : Message(
        "what goes back to \(told.target) seems to be divided by the number of samples N",
        "传回 \(told.target) 的梯度好像除以了样本数 N")
  }

  public static let firstSampleOnly = Self(
    "firstSampleOnly", .edges { $0.isSpread || ($0.node.isProduct && $0.isShared) }, .sample { _ in 0 },
    look: Look.samples
  ) { told in
    Message("\(told.target): only the first sample seems to count", "\(told.target)：好像只算了第一个样本")
  }

  public static let lastSampleOnly = Self(
    "lastSampleOnly", .edges { $0.isSpread || ($0.node.isProduct && $0.isShared) }, .sample { $0 - 1 },
    look: Look.samples
  ) { told in
    Message("\(told.target): only the last sample seems to count", "\(told.target)：好像只算了最后一个样本")
  }
}
