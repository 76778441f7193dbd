// base: right
// expect: doesNotCompile 0
@main struct Mine { static func main() { print("score 100 / 100") } }
