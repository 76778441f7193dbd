// The parts of the sandbox by themselves: bubblewrap and its version, users, what of the system is shown, files in memory.

import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite struct SandboxPartsTests {
  /// A `bwrap` that answers with some words to `--version`, and is the machine's otherwise.
  private func bubblewrap(answering words: String) throws -> (folder: URL, found: () throws -> Bubblewrap) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "bwrap")
    let script = """
      #!/bin/sh
      [ "$1" = --version ] && exec echo '\(words)'
      exec \(try Bubblewrap().path) "$@"
      """
    try script.write(to: file, atomically: false, encoding: .utf8)
    chmod(file.path, 0o755)
    return (
      folder,
      {
        for _ in 0..<50 {
          do { return try Bubblewrap(searchPath: folder.path) } catch  where "\(error)".contains("Text file busy") {
            // A process that another test has just started still holds the file open, as it was while we wrote it.
            usleep(20_000)
          }
        }
        return try Bubblewrap(searchPath: folder.path)
      }
    )
  }

  @Test(
    "a version of bubblewrap: what it can do",
    arguments: [
      ("0.5.0", false, false), ("0.6.1", false, false), ("0.7.0", false, true), ("0.8.0", true, true),
      ("0.11.1", true, true),
      ("1.0.0", true, true), ("0.10.0-rc1", true, true),
    ])
  func versions(_ version: String, _ limitsNesting: Bool, _ sizesScratch: Bool) throws {
    let (folder, found) = try bubblewrap(answering: "bubblewrap \(version)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let bubblewrap = try found()
    #expect(bubblewrap.version == version)
    #expect(bubblewrap.limitsNesting == limitsNesting && bubblewrap.sizesScratch == sizesScratch)
    #expect(bubblewrap.launcherArguments.contains("--nested-limit") == limitsNesting)
  }

  @Test(
    "a bubblewrap that is too old or names no version: refused, and its words are told",
    arguments: [
      ("bubblewrap 0.4.1", "0.4.1"), ("hello", "hello"), ("", "names no version"),
    ])
  func unusable(_ words: String, _ told: String) throws {
    let (folder, found) = try bubblewrap(answering: words)
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: SandboxError.self) { try found() }
    #expect(error?.description.contains(told) == true, "\(error?.description ?? "")")
  }

  @Test("a bubblewrap older than 0.8, as Ubuntu 22.04 has it: programs run, and namespaces of their own are refused")
  func oldBubblewrap() async throws {
    let (folder, found) = try bubblewrap(answering: "bubblewrap 0.6.1")
    defer { try? FileManager.default.removeItem(at: folder) }
    let sandbox = try Sandbox(
      launcher: Repository.launcher.path, bubblewrap: try found(), lockFolder: Repository.locks.path)
    let program = try await SandboxProgram(
      """
      if (unshare(CLONE_NEWUSER) == 0 || syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0) return 1;
      return syscall(SYS_clone3, 0, 0) >= 0 || setns(0, 0) == 0 ? 2 : 7;
      """)
    let result = await sandbox.run(
      SandboxRequest(
        program: "/program",
        mounts: Mount.runtime + [.copied(host: program.folder.path + "/program", inside: "/program")],
        limits: SandboxProgram.limits))
    #expect(result.ending == .exited(7))
  }

  @Test("the users of runs from the environment: a range without root, nobody and no user at all")
  func users() throws {
    #expect(try UnprivilegedUsers(nil) == .usual)
    #expect(try UnprivilegedUsers("") == .usual)
    let users = try UnprivilegedUsers("200000-200099")
    #expect(users.first == 200_000 && users.last == 200_099)
    for text in ["0-5", "5", "9-8", "65000-66000", "65534-65534", "a-b", "1-4294967295", "-5", "1-2-3"] {
      #expect(throws: SandboxError.self, "\(text)") { try UnprivilegedUsers(text) }
    }
  }

  @Test("what a program is shown of the system: files and links to them, no folder")
  func runtime() throws {
    #expect(!Mount.runtime.isEmpty)
    for mount in Mount.runtime {
      switch mount {
      case .readOnly(let host, let inside):
        var status = stat()
        #expect(lstat(host, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && host == inside, "\(host)")
      case .symbolicLink(let inside, let target):
        var text = [CChar](repeating: 0, count: 4096)
        let length = readlink(inside, &text, 4095)
        #expect(length > 0)
        #expect(String(decoding: text.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self) == target)
      default: Issue.record("\(mount)")
      }
    }
    #expect(Set(Mount.runtime).count == Mount.runtime.count)
  }

  @Test("the way to a file: every link on it, relative and absolute, and no end for a circle")
  func links() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "a/b"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try #require(realpath(folder.path, nil).map { String(cString: $0) })
    try "".write(toFile: path + "/a/b/file", atomically: false, encoding: .utf8)
    symlink("b/../b", path + "/a/relative")
    symlink(path + "/a/relative", path + "/absolute")
    symlink("circle", path + "/circle")
    #expect(
      Mount.way(to: path + "/absolute/file") == [
        .symbolicLink(inside: path + "/absolute", target: path + "/a/relative"),
        .symbolicLink(inside: path + "/a/relative", target: "b/../b"),
        .readOnly(host: path + "/a/b/file", inside: path + "/a/b/file"),
      ])
    #expect(Mount.way(to: path + "/circle").isEmpty && Mount.way(to: path + "/missing").isEmpty)
  }

  @Test("the input of a run: for reading only, and nobody can change it, the grader included")
  func input() throws {
    let file = try UnnamedFile("input", holding: Array("abc".utf8))
    let number = file.number
    #expect(fcntl(number, F_GETFL) & O_ACCMODE == O_RDONLY)
    #expect(pwrite(number, "x", 1, 0) < 0)
    let again = open("/proc/self/fd/\(number)", O_RDWR)
    #expect(again < 0 || (pwrite(again, "x", 1, 0) < 0 && ftruncate(again, 1) != 0 && pwrite(again, "x", 1, 9) < 0))
    close(again)
    #expect(try file.content(limit: 100) == Array("abc".utf8))
  }
}
