// The table of mistakes in the equations of a step: names and words; `ForwardFaultList` says where each fits and what it rewrites.

import Diagnostics

extension ForwardFault {
  /// What was done.
  public struct Slip: Sendable, Hashable {
    let name: String
    /// What was probably done.
    public let words: Words

    init(_ name: String, words: @escaping Words) {
      self.name = name
      self.words = words
    }

    public static func == (left: Slip, right: Slip) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// What to look at next.
    public var look: Words {
      if self == .exchanged { return Self.lookOfExchanged }
      return self == .partOrder || self == .stackOrder ? Self.lookOfOrder : Self.lookOfEquation
    }

    private static let lookOfExchanged: Words = { told in
      guard told.path.count == 1 else { return lookOfEquation(told) }
      return Message(
        "Compare the sheet's equations in which \(told.target) appears with your lines for them, symbol by symbol.",
        "请把题目中含有 \(told.target) 的方程与你写的那几行逐个符号对照。")
    }
    private static let lookOfOrder: Words = { _ in
      Message("Compare the order in the sheet's equation with that in your code.", "请把题目方程中的顺序与代码中的顺序对照一下。")
    }
    private static let lookOfEquation: Words = { told in
      Message(
        "Compare the sheet's equation for \(told.owner) with your line for it, symbol by symbol.",
        "请把题目中 \(told.owner) 的方程与你写的那一行逐个符号对照。")
    }
  }
}

extension Told {
  /// Where in the equations of a step.
  fileprivate var at: Message {
    target == owner
      ? Message("in \(owner)", "\(owner) 的方程中")
      : Message("in \(owner), at \(target),", "\(owner) 的方程中，\(target) 处")
  }
}

// MARK: Functions: left out, another one, once too often, around the whole product in place of one factor

extension ForwardFault.Slip {
  public static let functionMissing = Self("functionMissing") {
    Message("\($0.at) the activation seems to be left out", "\($0.at)好像漏了激活函数")
  }
  public static let otherFunction = Self("otherFunction") { told in
    let name = told.detail == "sigmoid" ? "σ" : told.detail
    return Message(
      "\(told.at) \(name) seems to stand in the place of another function", "\(told.at)好像把别的函数写成了 \(name)")
  }
  public static let functionTwice = Self("functionTwice") {
    Message("\($0.at) the activation seems to be applied twice", "\($0.at)好像作用了两次激活函数")
  }
  public static let functionMovedOut = Self("functionMovedOut") {
    Message(
      "\($0.at) the function of \($0.factor) seems to go around the whole product",
      "\($0.at)\($0.factor) 的函数好像作用到了整个乘积上")
  }
  /// A softmax along the batch, so that a feature's samples add up to 1.
  public static let softmaxOverBatch = Self("softmaxOverBatch") {
    Message(
      "\($0.at) the softmax seems to be taken over the samples, and not over the entries of each",
      "\($0.at)softmax 好像是对样本做的，而不是对每个样本的各个分量做的")
  }
}

// MARK: Products and sums: a factor or a term left out, a sign turned round, a parenthesis that closes elsewhere

extension ForwardFault.Slip {
  public static let factorMissing = Self("factorMissing") {
    Message("\($0.at) the factor \($0.factor) seems to be left out", "\($0.at)好像漏了因子 \($0.factor)")
  }
  public static let termMissing = Self("termMissing") {
    Message("\($0.at) the term \($0.factor) seems to be left out", "\($0.at)好像漏了 \($0.factor) 这一项")
  }
  public static let termDoubled = Self("termDoubled") {
    Message("\($0.at) the term \($0.factor) seems to be added twice", "\($0.at)\($0.factor) 这一项好像加了两次")
  }
  public static let negated = Self("negated") {
    Message("\($0.at) a sign seems to be turned round", "\($0.at)好像有一个符号反了")
  }
  public static let termsMovedOut = Self("termsMovedOut") {
    Message(
      "\($0.at) the function seems to be taken of \($0.factor) alone, and the rest added outside it",
      "\($0.at)函数好像只作用在 \($0.factor) 上，其余的项加在了外面")
  }
  public static let termMovedIn = Self("termMovedIn") {
    Message(
      "\($0.at) the term \($0.factor) seems to stand inside the function, not beside it",
      "\($0.at)\($0.factor) 这一项好像放进了函数里面，而不是加在外面")
  }
}

// MARK: Gates: 1 − u the other way round at one place, or at both; 1 less another gate

extension ForwardFault.Slip {
  public static let complement = Self("complement") {
    Message("\($0.at) a gate seems to stand the wrong way round", "\($0.at)门好像用反了")
  }
  /// A gate that keeps where it should write.
  public static let keepForWrite = Self("keepForWrite") {
    Message(
      "\($0.factor) seems to write where it should keep, and to keep where it should write",
      "\($0.factor) 好像反了：该保留的地方在写入，该写入的地方在保留")
  }
  /// As where two gates are coupled.
  public static let otherComplement = Self("otherComplement") {
    Message(
      "\($0.at) 1 − \($0.stand) seems to stand where \($0.factor) belongs",
      "\($0.at)应为 \($0.factor) 的地方好像用了 1 − \($0.stand)")
  }
}

// MARK: Another quantity in the place of an operand, or in another order

extension ForwardFault.Slip {
  public static let presentForPrevious = Self("presentForPrevious") {
    Message(
      "\($0.at) the new state seems to stand where \($0.factor) belongs", "\($0.at)应为 \($0.factor) 的地方好像用了新的状态")
  }
  public static let previousForPresent = Self("previousForPresent") {
    Message(
      "\($0.at) the old state seems to stand where \($0.factor) belongs", "\($0.at)应为 \($0.factor) 的地方好像用了旧的状态")
  }
  public static let otherOperand = Self("otherOperand") {
    Message(
      "\($0.at) \($0.stand) seems to stand where \($0.factor) belongs", "\($0.at)应为 \($0.factor) 的地方好像用了 \($0.stand)")
  }
  /// Two gates for each other.
  public static let exchanged = Self("exchanged") { told in
    let both = Message(
      "\(told.target) and \(told.stand) seem to be exchanged", "\(told.target) 和 \(told.stand) 好像互换了")
    guard told.target != told.owner else { return both }
    return Message("\(both) in the equation for \(told.owner)", "\(told.owner) 的方程中，\(both)")
  }
  /// The parts of a packed product.
  public static let partOrder = Self("partOrder") {
    Message(
      "the parts of \($0.target) seem to be taken in another order than the sheet's",
      "\($0.target) 的各块好像不是按讲义的顺序取的")
  }
  /// The parts of a stacked vector.
  public static let stackOrder = Self("stackOrder") {
    Message("\($0.at) the two parts seem to be stacked in the other order", "\($0.at)两部分上下拼接的顺序好像反了")
  }
}

// MARK: Products of matrices: not transposed as the equation has it, or a gate on the other side of them

extension ForwardFault.Slip {
  public static let transposed = Self("transposed") {
    Message("\($0.at) the matrix \($0.factor) seems to stand transposed", "\($0.at)矩阵 \($0.factor) 好像转置了")
  }
  public static let factorMovedOut = Self("factorMovedOut") {
    Message(
      "\($0.at) \($0.factor) seems to act after the product with the matrix, and not before it",
      "\($0.at)\($0.factor) 好像作用在矩阵乘积之后，而不是之前")
  }
  public static let factorMovedIn = Self("factorMovedIn") {
    Message(
      "\($0.at) \($0.factor) seems to act before the product with the matrix, and not after it",
      "\($0.at)\($0.factor) 好像作用在矩阵乘积之前，而不是之后")
  }
}
