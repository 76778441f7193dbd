// Several graders on one machine: what is measured anew "alone" has no other submission beside it, and nobody waits for ever.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .tier(.test), .timed) struct AloneTests {
  /// A submission whose processes bear its name, and whose forward does something first.
  private func submission(_ name: String, _ code: String, in scratch: Scratch, _ folder: String) throws {
    let cell = try String(contentsOf: Repository.root.appending(path: "solutions/rnn-step/Cell.swift"), encoding: .utf8)
    let text = cell.replacingOccurrences(
      of: "let h = ", with: "_ = setName(pthread_self(), \"\(name)\")\n    burn(0.1)\n    \(code)\n    let h = "
    ).replacingOccurrences(
      of: "import CellKit",
      with: """
        import CellKit
        import Glibc
        @_silgen_name("pthread_setname_np") func setName(_ thread: pthread_t, _ name: UnsafePointer<CChar>) -> Int32
        func burn(_ seconds: Double) {
          var now = timespec()
          clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
          let start = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
          repeat { clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) }
          while Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - start < seconds
        }
        """)
    _ = try scratch.file("\(folder)/\(name)/Cell.swift", text)
  }

  /// Which submissions are at work: the marks among the names of the machine's processes.
  private func working(_ mark: String) -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return Set(
      names.compactMap { name in
        guard Int(name) != nil else { return nil }
        let comm = String(decoding: FileManager.default.contents(atPath: "/proc/\(name)/comm") ?? Data(), as: UTF8.self)
        return comm.hasPrefix(mark) ? comm.trimmingCharacters(in: .newlines) : nil
      })
  }

  /// Who has the lock of the runs alone.
  private func alone() -> String? {
    var status = stat()
    guard ["/run/lock", "/var/lock", "/tmp"].contains(where: { stat("\($0)/unroll-runs.lock", &status) == 0 }) else {
      return nil
    }
    let locks = String(decoding: FileManager.default.contents(atPath: "/proc/locks") ?? Data(), as: UTF8.self)
    let line = locks.split(separator: "\n").first { line in
      line.contains("FLOCK") && line.contains("WRITE") && line.contains(":\(status.st_ino) ") && !line.contains("->")
    }
    return line.map { String($0.split(separator: ":", maxSplits: 1)[1]) }
  }

  @Test(
    "two graders, a class each, every second submission tried again: alone, and both graders come to their end")
  func twoGraders() throws {
    let scratch = try Scratch()
    let mark = "m\(UInt32.random(in: 1000...9999))-"
    for grader in ["a", "b"] {
      for number in 1...2 {
        try submission("\(mark)\(grader)r\(number)", "", in: scratch, grader)
        // Before it is known whose fault that is, it is tried again.
        try submission("\(mark)\(grader)x\(number)", "burn(0.1); _exit(87)", in: scratch, grader)
      }
    }
    let graders = try ["a", "b"].map { grader in
      let process = Process()
      process.executableURL = Repository.products.appending(path: "unroll")
      process.arguments = [
        "grade", "rnn-step", "--class", scratch.url.appending(path: grader).path, "--seed", "7", "--jobs", "4",
        "--output",
        scratch.url.appending(path: "out-\(grader)").path,
      ]
      process.currentDirectoryURL = Repository.root
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    var seen: [Set<String>] = []
    var most = 0
    let end = Date(timeIntervalSinceNow: 240)
    while graders.contains(where: \.isRunning), Date() < end {
      let before = alone()
      let names = working(mark)
      most = max(most, names.count)
      // The same holder all the while that we looked.
      if let before, !names.isEmpty, before == alone() { seen.append(names) }
      usleep(2000)
    }
    for grader in graders where grader.isRunning {
      Issue.record("a grader has not ended")
      kill(grader.processIdentifier, SIGKILL)
    }
    for (grader, process) in zip(["a", "b"], graders) {
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      let table = try String(contentsOf: scratch.url.appending(path: "out-\(grader)/grades.csv"), encoding: .utf8)
      #expect(table.matches(of: /r[12],100,100/).count == 2 && table.matches(of: /x[12],0,100/).count == 2, "\(table)")
    }
    // Beside each other at first, by themselves when tried again.
    #expect(most > 1)
    #expect(Set(seen.joined()).count >= 2, "\(seen)")
    for names in seen { #expect(names.count == 1 && names.first?.contains("x") == true, "\(names)") }
  }
}
