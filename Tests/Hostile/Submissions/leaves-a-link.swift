// base: right
// make: link Extra.swift /etc/passwd
// expect: refused
