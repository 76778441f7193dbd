// base: right
// fill: 1 let deep = @(,100000@1@),100000@
// expect: doesNotCompile 0
