// Learns the format of a record from the driver's own, and sends one of zeros before it.
// base: wrong
// expect: crashed 0

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  if descriptor == 3, count > 32 {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    copy.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
    for index in 60..<max(60, count) { copy[index] = 0 }
    call(1, 64, 3, Int(bitPattern: copy.baseAddress), count)
  }
  return call(1, 64, Int(descriptor), Int(bitPattern: bytes), count)
}
