// The table of mistakes of a step: the derivative of a function.

import Diagnostics
import Recurrence

extension Fault.Slip {
  public static let derivativeMissing = Self(
    "derivativeMissing", .edges { $0.isFunction || $0.isSoftmax }, .slope { _ in 1 }, look: Look.derivative
  ) { told in
    Message("the derivative at \(told.inner) seems to be left out", "\(told.inner) 处好像漏乘了导数")
  }

  public static let derivativeOfValue = Self(
    "derivativeOfValue", .edges(\.isGate), .slope { $0.derivative($0.function($0.value)) }, look: Look.derivative
  ) { told in
    Message(
      "at \(told.inner) the function seems to be applied once more inside its derivative: is the cached value activated already?",
      "\(told.inner) 处求导数时好像又作用了一次函数：缓存的是不是已经激活过的值？")
  }

  public static let derivativeOfInput = Self(
    "derivativeOfInput", .edges(\.isGate), .slope { $0.derivative($0.own) }, look: Look.derivative
  ) { told in
    Message(
      "at \(told.inner) the derivative seems to be taken from the value before the function, not from the one after it",
      "\(told.inner) 处的导数好像用了激活之前的值，而不是激活之后的值")
  }

  public static let otherDerivative = Self(
    "otherDerivative", .edges(\.isGate),
    .slope { $0.isTanh ? $0.value * (1 - $0.value) : 1 - $0.value * $0.value }, look: Look.derivative
  ) { told in
    Message(
      "at \(told.inner) the derivative of the other activation seems to stand: σ and tanh have different ones",
      "\(told.inner) 处好像用了另一个激活函数的导数：σ 与 tanh 的导数不同")
  }

  public static let derivativeFirstHalf = Self(
    "derivativeFirstHalf", .edges(\.isGate), .slope { $0.isTanh ? 1 - $0.value : $0.value }, look: Look.derivative
  ) { told in
    told.detail == "square"
      ? Message(
        "at \(told.inner) the square in the derivative seems to be forgotten", "\(told.inner) 处的导数里好像忘了平方")
      : oneFactorOfDerivative(told)
  }

  public static let derivativeSecondHalf = Self(
    "derivativeSecondHalf", .edges(\.isGate), .slope { $0.isTanh ? 1 + $0.value : 1 - $0.value },
    look: Look.derivative, words: oneFactorOfDerivative)

  private static let oneFactorOfDerivative: Words = { told in
    Message("at \(told.inner) one factor of the derivative seems to be missing", "\(told.inner) 处的导数好像少了一个因子")
  }

  public static let derivativeSquared = Self(
    "derivativeSquared", .edges(\.isTanh), .slope { (1 - $0.value) * (1 - $0.value) }, look: Look.derivative
  ) { told in
    let square = told.inner.contains("(") ? "(\(told.inner))²" : "\(told.inner)²"
    return Message(
      "at \(told.inner) the derivative seems to have (1 − \(told.inner))² in the place of 1 − \(square)",
      "\(told.inner) 处的导数好像把 1 − \(square) 写成了 (1 − \(told.inner))²")
  }

  public static let derivativeSignTurned = Self(
    "derivativeSignTurned", .edges(\.isGate),
    .slope { $0.isTanh ? 1 + $0.value * $0.value : $0.value * (1 + $0.value) }, look: Look.derivative
  ) { told in
    Message(
      "at \(told.inner) a sign in the derivative seems to be flipped", "\(told.inner) 处的导数里好像有一个符号反了")
  }

  // MARK: The function, or another quantity, in its place

  public static let functionForDerivative = Self(
    "functionForDerivative", .edges(\.isGate), .slope { $0.function($0.value) }, look: Look.derivative,
    words: functionItself)

  public static let valueForDerivative = Self(
    "valueForDerivative", .edges(\.isTanh), .slope(\.value), look: Look.derivative, words: functionItself)

  private static let functionItself: Words = { told in
    Message(
      "at \(told.inner) the function itself seems to stand where its derivative belongs",
      "\(told.inner) 处该乘导数的地方，好像乘了函数本身")
  }

  public static let derivativeElsewhere = Self(
    "derivativeElsewhere", .standIns(\.otherQuantities), .slope { $0.derivative($0.stand) }, look: Look.derivative
  ) { told in
    Message(
      "at \(told.inner) the derivative seems to be made from \(told.stand)",
      "\(told.inner) 处的导数好像是用 \(told.stand) 算出来的")
  }

  public static let derivativeAtPrevious = Self(
    "derivativeAtPrevious", .standIns(\.previousOfArgument), .slope { $0.derivative($0.function($0.stand)) },
    look: Look.derivative
  ) { told in
    Message(
      "at \(told.inner) the derivative seems to be taken at \(told.stand), and not at \(told.target)",
      "\(told.inner) 处的导数好像是在 \(told.stand) 处算的，而不是在 \(told.target) 处")
  }

  // MARK: The softmax

  /// Each entry by itself.
  public static let softmaxDiagonal = Self(
    "softmaxDiagonal", .edges(\.isSoftmax), .slope { $0.value * (1 - $0.value) }, look: Look.softmax
  ) { told in
    Message(
      "at \(told.inner) each entry seems to be differentiated by itself: the softmax makes each depend on all",
      "\(told.inner) 处好像每个分量只对自己求了导：softmax 的每个分量依赖所有分量")
  }

  /// Its value less what arrives, as with a cross entropy behind it.
  public static let softmaxLessTarget = Self(
    "softmaxLessTarget", .edges(\.isSoftmax), .entries { $0.value - $0.adjoint }, look: Look.softmax
  ) { told in
    Message(
      "at \(told.inner) the shortcut for a softmax with cross entropy seems to stand, as if what arrives were the target",
      "\(told.inner) 处好像用了 softmax 加交叉熵的简化公式，把传来的梯度当成了目标")
  }

  public static let softmaxMeanMissing = Self(
    "softmaxMeanMissing", .edges(\.isSoftmax), .slope(\.value), look: Look.softmax
  ) { told in
    Message(
      "at \(told.inner) the weighted mean of what arrives seems not to be subtracted: the softmax makes each entry depend on all",
      "\(told.inner) 处好像没有减去传来的梯度的加权平均：softmax 的每个分量依赖所有分量")
  }

  public static let softmaxMeanAdded = Self(
    "softmaxMeanAdded", .edges(\.isSoftmax), .both(.slope { 2 * $0.value }, .scaled { _ in -1 }), look: Look.softmax
  ) { told in
    Message(
      "at \(told.inner) the weighted mean of what arrives seems to have the wrong sign",
      "\(told.inner) 处，传来的梯度的加权平均符号好像反了")
  }

  public static let softmaxMeanOverBatch = Self(
    "softmaxMeanOverBatch", .edges(\.isSoftmax), .softmaxOverBatch, look: Look.softmax
  ) { told in
    Message(
      "at \(told.inner) the weighted mean of what arrives seems to be taken over the samples, and not over the entries of each",
      "\(told.inner) 处的加权平均好像是对样本求的，而不是对每个样本的各个分量求的")
  }
}
