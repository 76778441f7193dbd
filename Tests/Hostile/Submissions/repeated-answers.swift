// base: right
// expect: crashed 0

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  if descriptor == 3 { call(1, 64, 3, Int(bitPattern: bytes), count) }
  return call(1, 64, Int(descriptor), Int(bitPattern: bytes), count)
}
