// What a run holds of the machine while it lasts, and what it has left of it a second later.

import Foundation

/// Looks at this machine through /proc, for what bears a mark.
enum Machine {
  /// The processes whose short name or command line has the mark in it.
  static func processes(of mark: String) -> [String] {
    numbers().compactMap { process in
      let name = text("/proc/\(process)/comm")
      let line = text("/proc/\(process)/cmdline")
      return name.contains(mark) || line.contains(mark) ? "process \(process) (\(name.prefix(15)))" : nil
    }
  }

  /// Everything that bears the mark or lies in a run's own temporary folder.
  static func leftovers(of mark: String, temporary: URL) -> [String] {
    var left = processes(of: mark)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? [] {
      left.append("file \(name)")
    }
    for folder in ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      left += names.filter { $0 == mark }.map { "file \(folder)/\($0)" }
    }
    if text("/proc/net/unix").contains(mark) { left.append("socket") }
    let mounts = text("/proc/self/mountinfo")
    if mounts.contains(mark) || mounts.contains(temporary.path) { left.append("mount") }
    return left
  }

  /// Control groups of launchers that are gone.
  static func groups() -> [String] {
    let trees = ["/sys/fs/cgroup"] + names("/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" }
    return trees.flatMap { tree in
      names(tree).filter { name in
        name.hasPrefix("unroll-") && pid_t(name.dropFirst(7)).map { kill($0, 0) != 0 } == true
      }.map { "\(tree)/\($0)" }
    }
  }

  /// Bytes of memory that the processes with this mark as their name hold together.
  static func memory(of mark: String) -> Int {
    numbers().filter { text("/proc/\($0)/comm").hasPrefix(mark) }.reduce(0) {
      $0 + memory(of: $1, ["RssAnon", "RssShmem"])
    }
  }

  /// The most memory that a process has held so far.
  static func peak(of process: Int) -> Int { memory(of: process, ["VmHWM"]) }

  /// Bytes on disk of the files without a name that a process has open.
  static func unnamedFiles(of process: Int) -> Int {
    names("/proc/\(process)/fd").reduce(0) { sum, name in
      var status = stat()
      guard stat("/proc/\(process)/fd/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 0
      else { return sum }
      return sum + Int(status.st_blocks) * 512
    }
  }

  private static func memory(of process: Int, _ fields: [String]) -> Int {
    text("/proc/\(process)/status").split(separator: "\n").reduce(0) { sum, line in
      guard let field = fields.first(where: { line.hasPrefix($0 + ":") }) else { return sum }
      let words = line.dropFirst(field.count + 1).split(whereSeparator: { $0 == " " || $0 == "\t" })
      return sum + (words.first.flatMap { Int($0) } ?? 0) * 1024
    }
  }

  private static func numbers() -> [Int] { names("/proc").compactMap { Int($0) } }

  private static func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
