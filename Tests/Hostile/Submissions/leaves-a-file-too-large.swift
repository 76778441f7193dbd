// base: right
// make: large Extra.swift
// expect: refused
