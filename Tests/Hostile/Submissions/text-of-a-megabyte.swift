// base: right
// fill: 1 let text = "@900000@"
// expect: passed 100
