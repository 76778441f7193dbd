// base: right
// fill: 1 let number = @7,400000@
// expect: doesNotCompile 0
