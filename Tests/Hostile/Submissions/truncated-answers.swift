// base: right
// expect: crashed 0

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  call(1, 64, Int(descriptor), Int(bitPattern: bytes), descriptor == 3 ? count / 2 : count)
  return count
}
