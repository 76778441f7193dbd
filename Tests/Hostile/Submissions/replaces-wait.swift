// base: wrong
// expect: crashed 0
@_cdecl("waitpid") func waitpid(_ a: Int32, _ b: UnsafeMutablePointer<Int32>, _ c: Int32) -> Int32 {
  b.pointee = 0
  return 1
}
@_cdecl("wait4") func wait4(_ a: Int32, _ b: UnsafeMutablePointer<Int32>, _ c: Int32, _ d: UnsafeMutableRawPointer)
  -> Int32
{
  b.pointee = 0
  return 1
}
