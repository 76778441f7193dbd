// base: right
// make: name Extra";import Grading;".swift
// expect: passed 100
