// base: wrong
// expect: failed 0
@_cdecl("tanh") func tanh(_ x: Double) -> Double { x }
@_cdecl("exp") func exp(_ x: Double) -> Double { 1 }
