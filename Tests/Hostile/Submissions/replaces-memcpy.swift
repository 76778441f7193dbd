// base: right
// expect: crashed 0
@_cdecl("memcpy") func memcpy(_ to: UnsafeMutableRawPointer, _ from: UnsafeRawPointer, _ count: Int)
  -> UnsafeMutableRawPointer
{ to }
@_cdecl("memmove") func memmove(_ to: UnsafeMutableRawPointer, _ from: UnsafeRawPointer, _ count: Int)
  -> UnsafeMutableRawPointer
{ to }
