// base: right
// make: odd -
// expect: passed 100
