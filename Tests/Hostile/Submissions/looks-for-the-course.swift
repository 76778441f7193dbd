// base: wrong
// expect: failed 0
// never: FOUND
extension Attack {
  static func before() {
    var open = ["/"]
    while let folder = open.popLast() {
      for name in names(folder) {
        let path = folder == "/" ? "/" + name : folder + "/" + name
        if ["/proc", "/usr", "/lib", "/lib64", "/toolchain"].contains(path) { continue }
        for word in ["sheet", "exercises", "solutions", ".swift", "derivation", "tolerance", "Cell"]
        where name.contains(word) {
          print("FOUND", path)
        }
        open.append(path)
      }
    }
    for path in [
      "/srv", "/root", "/home", "/var", "/etc/passwd", "/kit", "/build", "/source", "../..", "/proc/1/root/etc",
    ]
    where !names(path).isEmpty && path != "../.." || !contents(path).isEmpty {
      print("FOUND", path)
    }
  }
}
