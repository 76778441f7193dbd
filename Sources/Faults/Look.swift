// What to look at next, for kinds of mistakes: a question to put to one's own code, never the answer.

import Diagnostics

enum Look {
  static let paths: Words = { told in
    let target = told.asked ?? told.target
    return Message(
      "Count the equations in which \(target) appears: each is one path back to it.",
      "数一数 \(target) 出现在几个方程里：每出现一次就有一条传回它的路径。")
  }
  static let equation: Words = { told in
    let target = told.asked ?? told.target
    return Message(
      "Differentiate that one equation with respect to \(target) alone.", "请只把那一个方程对 \(target) 求一次导。")
  }
  static let factor: Words = { told in
    Message("What is \(told.target) multiplied by in that equation?", "在那个方程里，与 \(told.target) 相乘的是什么？")
  }
  static let softmax: Words = { told in
    Message(
      "Write \(told.inner) for two classes and differentiate both entries with respect to one of its inputs.",
      "请写出只有两类时的 \(told.inner)，把两个分量都对一个输入求导。")
  }
  static let derivative: Words = { told in
    Message(
      "What is the derivative of \(told.inner), written in terms of its own value?", "\(told.inner) 的导数用它自己的值怎么写？")
  }
  static let matrix: Words = { _ in
    Message(
      "Write that line out for a 2 × 2 matrix, entry by entry: over which of its indices does it sum?",
      "请取 2 × 2 的矩阵，把那一行逐个元素写出来：求和的是它的哪个下标？")
  }
  static let order: Words = { _ in
    Message("In which order does the forward pass have them?", "前向计算里它们的顺序是什么？")
  }
  static let mean: Words = { _ in
    Message("Does the sheet's loss contain a mean over the samples?", "题目中的损失里有对样本的平均吗？")
  }
  static let samples: Words = { told in
    let target = told.asked ?? told.target
    return Message(
      "How often is \(target) used in one call, with N samples?", "一次调用有 N 个样本时，\(target) 被用了几次？")
  }
  /// Where the gradient at another quantity is handed on.
  static let gradient: Words = { told in
    let other = told.other ?? told.inner
    guard told.detail.isEmpty else {
      return Message(
        "What is between \(other) and \(told.stand), and where is its derivative in that line?",
        "\(other) 与 \(told.stand) 之间隔着什么？那一行里有它的导数吗？")
    }
    return Message(
      "Which equation gives \(other)? What is on the line that goes back through it?",
      "\(other) 是由哪个方程得到的？往回经过它的那一行里写的是什么？")
  }

  /// The question of a mistake that may also be made with what arrives from outside the step.
  static func arriving(_ words: @escaping Words) -> Words {
    { told in
      guard told.isArriving else { return words(told) }
      return Message(
        "Where does the upstream of \(told.target) enter your backward pass, and how often?",
        "\(told.target) 的上游梯度在你的反向计算里从哪里加入，加入了几次？")
    }
  }

  // MARK: Loops

  static let parameter: Words = { _ in
    Message("The same parameter is used at every step: what follows for its gradient?", "每一步用的是同一个参数：它的梯度该怎么算？")
  }
  static let cache: Words = { _ in
    Message("Print the step of each cache as it is used.", "打印一下每次用到的缓存是哪一步的。")
  }
  static let twoSteps: Words = { _ in
    Message(
      "Draw T = 2 and mark what reaches each state, from the loss and from the step after.",
      "画出 T = 2 的情形，标出每个状态从损失和后一步收到什么。")
  }
  static let loop: Words = { _ in
    Message(
      "Write down for T = 2 what goes into each step and what comes out, and follow your loop.",
      "取 T = 2，写下每一步的输入和输出，再跟着你的循环走一遍。")
  }
}
