// base: wrong
// expect: failed 0
// never: SHOWN
import Glibc

nonisolated(unsafe) var seen: [String] = []

func target(_ path: String) -> String {
  var text = [UInt8](repeating: 0, count: 4096)
  let count = text.withUnsafeMutableBytes { readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), 4096) }
  return String(decoding: text[..<max(0, count)], as: UTF8.self)
}

// While the input and the answers are still open.
@section(".init_array") @used let first: @convention(c) () -> Void = {
  for folder in ["/proc/self/fd", "/proc/self/map_files", "/proc/self/task"] {
    for name in names(folder) { seen.append(target("\(folder)/\(name)")) }
  }
  for link in ["exe", "cwd", "root"] { seen.append(target("/proc/self/\(link)")) }
  for file in ["maps", "mountinfo", "cmdline", "environ", "fdinfo/0", "fdinfo/3"] {
    seen += contents("/proc/self/\(file)", limit: 60_000).split(separator: "\n").map(String.init)
  }
}
extension Attack {
  static func before() {
    let known = ["/toolchain", "/usr/", "/lib", "/proc", "/dev", "/etc/ld.so.cache", "/submission"]
    for line in seen {
      for word in line.split(separator: " ")
      where word.hasPrefix("/tmp") || word.hasPrefix("/var") || word.hasPrefix("/home") {
        print("SHOWN", word)
      }
      if line.hasPrefix("/"), line != "/", !known.contains(where: { line.hasPrefix($0) }), !line.hasPrefix("/memfd:") {
        print("SHOWN", line)
      }
    }
  }
}
