// base: right
// fill: 1 let list = [@x,,200000@0]
// expect: doesNotCompile 0
