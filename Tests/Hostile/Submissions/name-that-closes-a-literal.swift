// base: right
// make: name Extra";import Grading;".swift
// says: 100 / 100
// expect: passed 100
