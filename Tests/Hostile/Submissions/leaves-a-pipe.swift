// base: right
// make: pipe Extra.swift
// expect: refused
