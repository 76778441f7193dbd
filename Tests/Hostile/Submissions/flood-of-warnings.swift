// base: right
// fill: 40000 #warning("a flood")
// expect: doesNotCompile 0
