// base: right
// expect: doesNotCompile 0
#sourceLocation(file: "UnrollMain.swift", line: 1)
let x: Int = "no"
#sourceLocation(file: "/etc/passwd", line: 999999999)
let y: Int = "no"
