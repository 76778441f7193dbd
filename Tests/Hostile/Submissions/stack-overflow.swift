// base: right
// expect: crashed 0
// says: calls itself without end
func deeper(_ n: Int) -> Int { n == -1 ? 0 : deeper(n + 1) + 1 }
extension Attack { static func before() { print(deeper(0)) } }
