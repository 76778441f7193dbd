// base: right
// expect: doesNotCompile 0
@_cdecl("_start") func start() {}
