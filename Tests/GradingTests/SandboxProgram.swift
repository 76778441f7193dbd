// Small C programs for the tests of the sandbox, and the sandbox they run in.

import Foundation
import TestSupport

@testable import Sandbox

/// A C program, compiled once for a test and gone with it.
final class SandboxProgram: Sendable {
  /// Seconds after which a run with a limit of half a second counts as hanging. Other tests, compilers among them, share
  /// the cores, so that nothing here can be a measurement of speed.
  static let hang = 8.0

  let folder: URL

  /// Compiles the body of `main`, or a whole file where it has a `main` of its own.
  init(_ body: String) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let headers = [
      "arpa/inet.h", "dirent.h", "errno.h", "fcntl.h", "pthread.h", "sched.h", "signal.h", "stdio.h", "stdlib.h",
      "string.h",
      "sys/mman.h", "sys/resource.h", "sys/socket.h", "sys/stat.h", "sys/syscall.h", "sys/wait.h", "time.h", "unistd.h",
    ]
    let prelude = "#define _GNU_SOURCE\n" + headers.map { "#include <\($0)>\n" }.joined()
    let text = body.contains("int main") ? prelude + body : prelude + "int main(void) {\n\(body)\nreturn 0;\n}\n"
    try text.write(to: folder.appending(path: "program.c"), atomically: true, encoding: .utf8)
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = ["clang", "-O0", "-pthread", "-w", "-o", folder.path + "/program", folder.path + "/program.c"]
    // Waiting for it in a blocking way would take the threads that the sandbox's tasks need.
    let code = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
      compiler.terminationHandler = { done.resume(returning: $0.terminationStatus) }
      do { try compiler.run() } catch { done.resume(throwing: error) }
    }
    guard code == 0 else { throw CocoaError(.executableLoad) }
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  static let limits = Limits(
    clockSeconds: 5, processorSeconds: 5, addressSpace: 512 << 20, memory: 512 << 20, processes: 16,
    fileSize: 1 << 20, openFiles: 32, output: 64 << 10)

  /// The processes on this machine whose command line names the program's folder: its launcher, and in mode `limits`
  /// the program itself.
  var processes: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      return String(decoding: line, as: UTF8.self).contains(folder.path)
    }
  }

  /// Runs the program as `/jail/program`, with `/jail` read-only.
  func run(
    _ mode: IsolationMode = .namespaces, arguments: [String] = [], environment: [String: String] = [:],
    input: [UInt8] = [], wantsAnswers: Bool = false, mounts: [Mount] = [],
    isGrouped: Bool = true, makesFiles: Bool = false, isAlone: Bool = false,
    launcher: String = Repository.launcher.path,
    limits change: (inout Limits) -> Void = { _ in }
  ) async throws -> SandboxResult {
    let sandbox = try Sandbox(launcher: launcher, mode: mode, lockFolder: Repository.locks.path)
    var limits = Self.limits
    change(&limits)
    let inside = sandbox.path(inside: "/jail", host: folder.path)
    var request = SandboxRequest(
      program: inside + "/program", arguments: arguments, environment: environment,
      mounts: Mount.runtime + [.readOnly(host: folder.path, inside: inside)] + mounts, workingDirectory: inside,
      standardInput: input, wantsAnswers: wantsAnswers, limits: limits)
    request.isGrouped = isGrouped
    request.isAlone = isAlone
    request.makesFiles = makesFiles
    return await sandbox.run(request)
  }
}

extension SandboxResult {
  var text: String { String(decoding: standardOutput, as: UTF8.self) }
}
