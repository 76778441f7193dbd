// base: right
// expect: doesNotCompile 0
enum CellKit { struct Matrix {} }
