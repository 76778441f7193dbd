// base: wrong
// expect: failed 0
extension Attack {
  static func before() {
    for line in contents("/proc/self/mountinfo", limit: 60_000).split(separator: "\n") where !line.contains("/usr/lib")
    {
      print(line.split(separator: " ").dropFirst(3).prefix(2))
    }
  }
}
