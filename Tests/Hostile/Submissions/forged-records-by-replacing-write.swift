// Learns the format of a record from the driver's own, and sends one of zeros before it.
// base: wrong
// expect: crashed 0
@_silgen_name("syscall") func kernel(_ number: Int, _ a: Int, _ b: UnsafeRawPointer?, _ c: Int) -> Int

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  if descriptor == 3, count > 32 {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    copy.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
    for index in 60..<max(60, count) { copy[index] = 0 }
    _ = kernel(1, 3, copy.baseAddress, count)
  }
  return kernel(1, Int(descriptor), bytes, count)
}
