// base: right
// fill: 1 let deep = @{ $0 + ,4000@1@ },4000@
// expect: doesNotCompile 0
