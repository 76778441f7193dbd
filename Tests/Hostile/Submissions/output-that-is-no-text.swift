// base: right
// expect: passed 100
extension Attack {
  static func before() {
    let bytes: [UInt8] = [0xFF, 0xFE, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF5, 0x80, 0x0A]
    for stream in 1...2 as ClosedRange<Int32> {
      _ = bytes.withUnsafeBytes { writeBytes(stream, $0.baseAddress!, $0.count) }
    }
  }
}
