// An ending whose number overflows when it is taken for a signal.
// base: right
// expect: crashed 0

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  if descriptor == 3, count >= 32 {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)
    copy.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: 32))
    copy.storeBytes(of: 2 as UInt32, toByteOffset: 16, as: UInt32.self)
    copy.storeBytes(of: 0x8000_0001 as UInt32, toByteOffset: 20, as: UInt32.self)
    copy.storeBytes(of: 0 as UInt64, toByteOffset: 24, as: UInt64.self)
    call(1, 64, 3, Int(bitPattern: copy.baseAddress), 32)
  }
  return call(1, 64, Int(descriptor), Int(bitPattern: bytes), count)
}
