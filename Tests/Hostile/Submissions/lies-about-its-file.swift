// base: right
// expect: doesNotCompile 0
// swift-format-ignore-file
#sourceLocation(file: "UnrollMain.swift", line: 1)
let x: Int = "no"
#sourceLocation(file: "/etc/passwd", line: 999999999)
let y: Int = "no"
