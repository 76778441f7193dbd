// base: wrong
// expect: failed 0
extension Attack { static func before() { print(contents("/proc/self/maps", limit: 3500)) } }
