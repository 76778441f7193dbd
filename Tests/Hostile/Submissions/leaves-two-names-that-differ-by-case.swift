// base: right
// make: name RIGHT.swift
// expect: refused
