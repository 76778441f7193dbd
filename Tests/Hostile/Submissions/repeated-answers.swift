// base: right
// expect: crashed 0
@_silgen_name("syscall") func kernel(_ number: Int, _ a: Int, _ b: UnsafeRawPointer?, _ c: Int) -> Int

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  if descriptor == 3 { _ = kernel(1, 3, bytes, count) }
  return kernel(1, Int(descriptor), bytes, count)
}
