// base: wrong
// make: name Interface.swift
// make: name UnrollMain.swift
// make: name Package.swift
// make: name module.modulemap
// make: name Interface.swiftinterface
// expect: failed 0
