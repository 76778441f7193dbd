// base: right
// make: odd -
// says: -o.swift
// expect: passed 100
