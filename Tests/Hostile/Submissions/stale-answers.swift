// Every record carries the number of another run.
// base: right
// expect: crashed 0

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  guard descriptor == 3, count >= 32 else { return call(1, 64, Int(descriptor), Int(bitPattern: bytes), count) }
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
  copy.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
  copy[8] ^= 1
  return call(1, 64, 3, Int(bitPattern: copy.baseAddress), count)
}
