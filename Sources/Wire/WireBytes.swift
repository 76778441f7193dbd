// Numbers and matrices as bytes, and back. Whoever wrote them may have wanted to deceive: every count is checked against
// what is there before anything is made from it.

public import CellKit

/// Takes numbers and matrices off the front of some bytes, little endian.
public struct WireReader {
  /// What is left.
  public private(set) var bytes: ArraySlice<UInt8>

  /// Reads from the front of some bytes.
  public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// So many bytes; nil where there are fewer.
  public mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, bytes.count >= count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  /// A number of 32 bits.
  public mutating func uint32() -> UInt32? {
    take(4)?.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
  }

  /// A number of 64 bits.
  public mutating func uint64() -> UInt64? {
    take(8)?.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
  }

  /// A matrix: rows, columns, then its entries.
  public mutating func matrix() -> Matrix? {
    guard let rows = uint32().map(Int.init), let columns = uint32().map(Int.init) else { return nil }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= bytes.count / 8, let raw = take(count * 8) else { return nil }
    let elements = [Double](unsafeUninitializedCapacity: count) { target, initialized in
      UnsafeMutableRawBufferPointer(target).copyBytes(from: raw)
      initialized = count
    }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }

  /// So many matrices.
  public mutating func matrices(_ count: Int) -> [Matrix]? {
    var result: [Matrix] = []
    for _ in 0..<count {
      guard let next = matrix() else { return nil }
      result.append(next)
    }
    return result
  }
}

/// Puts numbers and matrices behind one another, little endian.
public struct WireWriter {
  /// What was written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing written yet.
  public init() {}

  public mutating func append(_ value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  public mutating func append(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  public mutating func append(_ other: some Collection<UInt8>) { bytes.append(contentsOf: other) }

  public mutating func append(_ matrix: Matrix) {
    append(UInt32(truncatingIfNeeded: matrix.rows))
    append(UInt32(truncatingIfNeeded: matrix.columns))
    matrix.elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// A list of an answer: some steps of so many matrices each.
  public mutating func append(_ group: AnswerGroup, _ steps: [[Matrix]], width: Int) {
    append(group.rawValue)
    append(UInt32(truncatingIfNeeded: steps.count))
    append(UInt32(truncatingIfNeeded: width))
    append(0 as UInt32)
    for matrix in steps.joined() { append(matrix) }
  }
}
