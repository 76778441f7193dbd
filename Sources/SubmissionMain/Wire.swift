// The bytes between `unroll` and a submission's process: calls come in on standard input, records go out on
// descriptor 3. Everything is little endian, as every machine that Swift runs on has it. Grading/Exchange holds the
// other end.
//
//   request   magic u32, count u32, nonce u64, then `count` calls
//   call      number u32, kind u32, steps u32, zero u32, bytes u64, then matrices: `bytes` bytes
//   matrix    rows u32, columns u32, then rows × columns doubles; 0 × 0 stands for "not set"
//   record    magic u32, number u32, nonce u64, part u32, value u32, bytes u64, then `bytes` bytes
//   model     (a body for one of the model kinds, and its answer) count u32, then as often: matrices u32, then these
//   answer    (a record's bytes for parts 0 and 1) lists: group u32, steps u32, width u32, zero u32, then
//             steps × width matrices
//   ending    (part 2, no bytes) value is the code of an exit, or 256 plus the number of a signal

import CellKit

/// The first four bytes of a request and of every record.
let magic: UInt32 = 0x4C52_4E55

/// What a call asks for; the numbers are those on the wire.
enum Kind: UInt32 {
  case forward = 0
  case backward = 1
  case forwardThroughTime = 2
  case backwardThroughTime = 3
  case flow = 4
  case modelForward = 5
  case modelGradients = 6
  case modelSample = 7
  case modelClip = 8
  case modelTrain = 9
}

/// The lists of an answer; the numbers are those on the wire.
enum Group: UInt32 {
  case outputs = 0
  case inputGradients = 1
  case stateGradients = 2
  case parameterGradients = 3
}

/// One call, its matrices still bytes: each execution reads them anew, so that neither sees what the other changed.
struct Call {
  var number: UInt32
  var kind: Kind
  var steps: Int
  var body: ArraySlice<UInt8>
}

/// Everything that arrives on standard input.
struct Request {
  var nonce: UInt64
  var calls: [Call]

  /// Reads a request, or nil when the bytes are not one.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes[...])
    guard let first = reader.uint32(), first == magic, let count = reader.uint32(), let nonce = reader.uint64()
    else { return nil }
    self.nonce = nonce
    calls = []
    for _ in 0..<count {
      guard let number = reader.uint32(), let kind = reader.uint32().flatMap(Kind.init), let steps = reader.uint32(),
        reader.uint32() == 0, let length = reader.uint64(), let body = reader.take(Int(length))
      else { return nil }
      calls.append(Call(number: number, kind: kind, steps: Int(steps), body: body))
    }
  }
}

/// Takes numbers and matrices off the front of some bytes.
struct Reader {
  var bytes: ArraySlice<UInt8>

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, bytes.count >= count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func uint32() -> UInt32? {
    take(4)?.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
  }

  mutating func uint64() -> UInt64? {
    take(8)?.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
  }

  mutating func matrix() -> Matrix? {
    guard let rows = uint32(), let columns = uint32() else { return nil }
    let (count, overflow) = Int(rows).multipliedReportingOverflow(by: Int(columns))
    guard !overflow, count <= bytes.count / 8, let raw = take(count * 8) else { return nil }
    let elements = [Double](unsafeUninitializedCapacity: count) { target, initialized in
      UnsafeMutableRawBufferPointer(target).copyBytes(from: raw)
      initialized = count
    }
    return Matrix(rows: Int(rows), columns: Int(columns), elements: elements)
  }

  mutating func matrices(_ count: Int) -> [Matrix]? {
    var result: [Matrix] = []
    for _ in 0..<count {
      guard let next = matrix() else { return nil }
      result.append(next)
    }
    return result
  }
}

/// Puts numbers and matrices behind one another.
struct Writer {
  var bytes: [UInt8] = []

  mutating func append(_ value: UInt32) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
  mutating func append(_ value: UInt64) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }

  mutating func append(_ matrix: Matrix) {
    append(UInt32(truncatingIfNeeded: matrix.rows))
    append(UInt32(truncatingIfNeeded: matrix.columns))
    matrix.elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ group: Group, _ steps: [[Matrix]], width: Int) {
    append(group.rawValue)
    append(UInt32(truncatingIfNeeded: steps.count))
    append(UInt32(truncatingIfNeeded: width))
    append(0 as UInt32)
    for step in steps {
      for matrix in step { append(matrix) }
    }
  }
}
