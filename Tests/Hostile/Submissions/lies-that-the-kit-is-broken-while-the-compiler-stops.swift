// base: right
// fill: 1 let deep = @(,100000@1@),100000@
// expect: doesNotCompile 0
#warning("x: error: module 'CellKit' was built for another toolchain")
