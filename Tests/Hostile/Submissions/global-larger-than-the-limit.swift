// base: right
// expect: doesNotCompile 0
nonisolated(unsafe) var large = InlineArray<0x4000_0000, UInt8>(repeating: 0)
extension Attack { static func before() { large[0x3FFF_FFFF] = 1 } }
