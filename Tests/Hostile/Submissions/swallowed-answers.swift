// base: right
// expect: crashed 0
@_silgen_name("syscall") func kernel(_ number: Int, _ a: Int, _ b: UnsafeRawPointer?, _ c: Int) -> Int

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  descriptor == 3 ? count : kernel(1, Int(descriptor), bytes, count)
}
