// Every call is made in the driver's own process, which then answers for all.
// base: wrong
// expect: failed 0
@_cdecl("fork") func fork() -> Int32 { 0 }
