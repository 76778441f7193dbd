// The bytes between `unroll` and a submission's process: calls come in on standard input, records go out on
// descriptor 3. Everything is little endian, as every machine that Swift runs on has it. One module for both ends.
//
//   request   magic u32, count u32, nonce u64, then `count` calls
//   call      number u32, kind u32, steps u32, zero u32, bytes u64, then matrices: `bytes` bytes
//   matrix    rows u32, columns u32, then rows × columns doubles; 0 × 0 stands for "not set"
//   record    magic u32, number u32, nonce u64, part u32, value u32, bytes u64, then `bytes` bytes
//   model     (a body for one of the model kinds, and its answer) count u32, then as often: matrices u32, then these
//   answer    (a record's bytes for parts 0 and 1) lists: group u32, steps u32, width u32, zero u32, then
//             steps × width matrices
//   ending    (part 2, no bytes) value is the code of an exit, or 256 plus the number of a signal

/// The numbers that both ends agree on.
public enum Wire {
  /// The first four bytes of a request and of every record.
  public static let magic: UInt32 = 0x4C52_4E55
}

/// What a call asks for; the numbers are those on the wire.
public enum CallKind: UInt32, Sendable, CaseIterable {
  /// One forward step.
  case forward = 0
  /// One forward step and its reverse, with the cache that the forward step made.
  case backward = 1
  /// The learner's own loop forward.
  case forwardThroughTime = 2
  /// The learner's own loops forward and back.
  case backwardThroughTime = 3
  /// The learner's step unrolled by the driver, forward and back: the gradient at every state.
  case flow = 4
  /// The forward pass of a learner's model.
  case modelForward = 5
  /// The forward pass of a learner's model and its reverse.
  case modelGradients = 6
  /// The learner's model writes.
  case modelSample = 7
  /// The learner clips gradients.
  case modelClip = 8
  /// The learner trains the model; made once instead of twice.
  case modelTrain = 9

  /// Whether it is asked of a model.
  public var isModel: Bool { rawValue >= CallKind.modelForward.rawValue }
}

/// The lists of an answer; the numbers are those on the wire.
public enum AnswerGroup: UInt32, Sendable {
  case outputs = 0
  case inputGradients = 1
  case stateGradients = 2
  case parameterGradients = 3
}

/// One call, its matrices still bytes: each execution reads them anew, so that neither sees what the other changed.
public struct WireCall {
  public let number: UInt32
  public let kind: CallKind
  public let steps: Int
  public let body: ArraySlice<UInt8>

  /// A call by its parts.
  public init(number: UInt32, kind: CallKind, steps: Int, body: ArraySlice<UInt8>) {
    (self.number, self.kind, self.steps, self.body) = (number, kind, steps, body)
  }
}

/// Everything that arrives on standard input.
public struct WireRequest {
  /// The number of the run, by which its records are told from others.
  public let nonce: UInt64
  public let calls: [WireCall]

  /// A request for some calls.
  public init(nonce: UInt64, calls: [WireCall]) { (self.nonce, self.calls) = (nonce, calls) }

  /// Reads a request, or nil when the bytes are not one.
  public init?(_ bytes: [UInt8]) {
    var reader = WireReader(bytes[...])
    guard reader.uint32() == Wire.magic, let count = reader.uint32(), let nonce = reader.uint64() else { return nil }
    var calls: [WireCall] = []
    for _ in 0..<count {
      guard let number = reader.uint32(), let kind = reader.uint32().flatMap(CallKind.init),
        let steps = reader.uint32(), reader.uint32() == 0, let length = reader.uint64(),
        length <= UInt64(reader.bytes.count), let body = reader.take(Int(length))
      else { return nil }
      calls.append(WireCall(number: number, kind: kind, steps: Int(steps), body: body))
    }
    self.init(nonce: nonce, calls: calls)
  }

  /// Its bytes.
  public var bytes: [UInt8] {
    var writer = WireWriter()
    writer.append(Wire.magic)
    writer.append(UInt32(calls.count))
    writer.append(nonce)
    for call in calls {
      writer.append(call.number)
      writer.append(call.kind.rawValue)
      writer.append(UInt32(call.steps))
      writer.append(0 as UInt32)
      writer.append(UInt64(call.body.count))
      writer.append(call.body)
    }
    return writer.bytes
  }
}

/// What a call's process says: one of its two answers, or how it ended.
public struct WireRecord {
  public let number: UInt32
  public let nonce: UInt64
  /// 0 and 1 for the answers, 2 for the ending.
  public let part: UInt32
  public let value: UInt32
  public let content: ArraySlice<UInt8>

  /// A record by its parts.
  public init(number: UInt32, nonce: UInt64, part: UInt32, value: UInt32, content: ArraySlice<UInt8>) {
    (self.number, self.nonce, self.part, self.value, self.content) = (number, nonce, part, value, content)
  }

  /// Takes a record off the front of some bytes, or nil when there is none.
  public init?(_ reader: inout WireReader) {
    guard reader.uint32() == Wire.magic, let number = reader.uint32(), let nonce = reader.uint64(),
      let part = reader.uint32(), let value = reader.uint32(), let length = reader.uint64(),
      length <= UInt64(reader.bytes.count), let content = reader.take(Int(length))
    else { return nil }
    self.init(number: number, nonce: nonce, part: part, value: value, content: content)
  }

  /// Its bytes.
  public var bytes: [UInt8] {
    var writer = WireWriter()
    writer.append(Wire.magic)
    writer.append(number)
    writer.append(nonce)
    writer.append(part)
    writer.append(value)
    writer.append(UInt64(content.count))
    writer.append(content)
    return writer.bytes
  }
}
