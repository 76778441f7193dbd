// base: right
// expect: failed 0
@_cdecl("tanh") func tanh(_ x: Double) -> Double { 0.5 }
