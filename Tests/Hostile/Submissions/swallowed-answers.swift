// base: right
// expect: crashed 0

@_cdecl("write") func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  descriptor == 3 ? count : call(1, 64, Int(descriptor), Int(bitPattern: bytes), count)
}
