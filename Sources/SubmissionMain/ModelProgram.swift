// A submission's model as the driver sees it: functions over lists of matrices. The generated glue makes one.

public import CellKit
import Wire

/// A learner's model with its types taken apart.
public struct ModelProgram {
  /// Lists of matrices in, lists of matrices out; nil when the lists do not fit the model.
  public typealias Part = (_ lists: [[Matrix]]) -> [[Matrix]]?

  let forward: Part
  let gradients: Part?
  let sample: Part?
  let clip: Part?
  let train: Part?

  /// A model by its functions; those that the sheet has no task for are left out.
  public init(
    forward: @escaping Part, gradients: Part? = nil, sample: Part? = nil, clip: Part? = nil, train: Part? = nil
  ) {
    self.forward = forward
    self.gradients = gradients
    self.sample = sample
    self.clip = clip
    self.train = train
  }
}

extension ModelProgram: Executable {
  func execute(_ call: WireCall) -> [UInt8]? {
    let part: Part?
    switch call.kind {
    case .modelForward: part = forward
    case .modelGradients: part = gradients
    case .modelSample: part = sample
    case .modelClip: part = clip
    case .modelTrain: part = train
    default: part = nil
    }
    var reader = WireReader(call.body)
    guard let part, let lists = reader.lists(), reader.bytes.isEmpty, let answer = part(lists) else { return nil }
    var writer = WireWriter()
    writer.append(answer)
    return writer.bytes
  }
}

extension WireReader {
  /// Lists of matrices: their number, then each with the number of its matrices before them.
  fileprivate mutating func lists() -> [[Matrix]]? {
    guard let count = uint32() else { return nil }
    var lists: [[Matrix]] = []
    for _ in 0..<count {
      guard let width = uint32(), let list = matrices(Int(width)) else { return nil }
      lists.append(list)
    }
    return lists
  }
}

extension WireWriter {
  fileprivate mutating func append(_ lists: [[Matrix]]) {
    append(UInt32(truncatingIfNeeded: lists.count))
    for list in lists {
      append(UInt32(truncatingIfNeeded: list.count))
      for matrix in list { append(matrix) }
    }
  }
}
