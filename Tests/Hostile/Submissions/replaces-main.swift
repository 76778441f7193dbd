// base: right
// expect: doesNotCompile 0
@_cdecl("main") func main(_ count: Int32, _ arguments: UnsafeMutableRawPointer) -> Int32 { 0 }
