// base: right
// fill: 45000 #error("a flood")
// expect: doesNotCompile 0
