// What was made in the sandbox is taken back before it is used, whatever was put in its place.

import Foundation
import Testing

@testable import Sandbox
@testable import SubmissionHost

@Suite struct SealTests {
  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unroll-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("sealing a folder with links, pipes and sockets: what they point to stays as it is, they are removed")
  func oddFiles() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outside = folder.appending(path: "outside"), build = folder.appending(path: "build")
    try FileManager.default.createDirectory(at: build.appending(path: "sub"), withIntermediateDirectories: true)
    try "secret".write(to: outside, atomically: false, encoding: .utf8)
    chmod(outside.path, 0o600)
    try "made".write(to: build.appending(path: "sub/file"), atomically: false, encoding: .utf8)
    symlink(outside.path, build.path + "/program")
    symlink(folder.path, build.path + "/folder")
    mkfifo(build.path + "/pipe", 0o666)
    if getuid() == 0 { for name in ["", "/sub", "/sub/file"] { chown(build.path + name, 60_700, 60_700) } }

    try WorkFolder.seal(build.path, files: 0o555)
    #expect(try FileManager.default.contentsOfDirectory(atPath: build.path) == ["sub"])
    var status = stat()
    stat(outside.path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    stat(build.path + "/sub/file", &status)
    #expect(status.st_mode & 0o777 == 0o555 && status.st_uid == getuid())
  }

  @Test("the linker's product is a link, a pipe, a folder, a second name or nothing: no program")
  func noProgram() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.path + "/program"
    #expect(throws: WorkError.self) { try SealedProgram(program) }
    symlink("/bin/true", program)
    #expect(throws: WorkError.self) { try SealedProgram(program) }
    unlink(program)
    mkfifo(program, 0o755)
    #expect(throws: WorkError.self) { try SealedProgram(program) }
    unlink(program)
    mkdir(program, 0o755)
    #expect(throws: WorkError.self) { try SealedProgram(program) }
    rmdir(program)
    try "program".write(toFile: program, atomically: false, encoding: .utf8)
    link(program, folder.path + "/second")
    #expect(throws: WorkError.self) { try SealedProgram(program) }
    unlink(folder.path + "/second")
    #expect(try SealedProgram(program).isUnchanged)
  }

  @Test("a program that is changed after it was sealed is found out; one that takes its name is not opened")
  func changed() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/program"
    try "program".write(toFile: path, atomically: false, encoding: .utf8)
    let program = try SealedProgram(path)
    try "another".write(toFile: folder.path + "/part", atomically: false, encoding: .utf8)
    rename(folder.path + "/part", path)
    #expect(program.isUnchanged)
    #expect(try String(contentsOfFile: program.pathForChild, encoding: .utf8) == "program")

    let second = try SealedProgram(path)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.write(contentsOf: Data("A".utf8))
    #expect(!second.isUnchanged)
  }

  @Test("a work folder: nobody else may enter it")
  func workFolder() throws {
    let folder = try WorkFolder()
    var status = stat()
    stat(folder.path, &status)
    #expect(status.st_mode & 0o777 == 0o700)
  }
}
