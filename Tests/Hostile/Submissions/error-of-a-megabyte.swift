// base: right
// fill: 1 #error("@900000@")
// expect: doesNotCompile 0
