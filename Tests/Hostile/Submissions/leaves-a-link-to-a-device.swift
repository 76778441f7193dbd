// base: right
// make: link Extra.swift /dev/zero
// expect: refused
