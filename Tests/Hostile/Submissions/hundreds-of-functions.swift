// base: right
// fill: 500 func f§(_ x: Double) -> Double { x * § + f0(x) }
// expect: passed 100
