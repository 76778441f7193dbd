// base: right
// expect: crashed 0
extension Attack {
  static func before() {
    let block = [UInt8](repeating: 7, count: 1 << 20)
    while block.withUnsafeBytes({ writeBytes(3, $0.baseAddress!, $0.count) }) > 0 {}
  }
}
