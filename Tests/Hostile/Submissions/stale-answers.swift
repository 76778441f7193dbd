// Every record carries the number of another run.
// base: right
// expect: crashed 0
@_silgen_name("syscall") func kernel(_ number: Int, _ a: Int, _ b: UnsafeRawPointer?, _ c: Int) -> Int

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  guard descriptor == 3, count >= 32 else { return kernel(1, Int(descriptor), bytes, count) }
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
  copy.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
  copy[8] ^= 1
  return kernel(1, 3, copy.baseAddress, count)
}
