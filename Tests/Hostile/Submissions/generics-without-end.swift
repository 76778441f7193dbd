// base: right
// expect: crashed 0
struct Box<T> { var value: T }
func nest<T>(_ value: T, _ depth: Int) -> Int { depth == -1 ? 0 : nest(Box(value: value), depth + 1) }
extension Attack { static func before() { print(nest(0, 0)) } }
