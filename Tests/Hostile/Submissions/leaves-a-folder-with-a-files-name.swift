// base: right
// make: folder Extra.swift
// expect: refused
