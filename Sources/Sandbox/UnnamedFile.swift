// A file that has no name and is on no disk, so that nothing is left behind however a run or `unroll` itself ends, and a
// program that holds it open learns no path of the host.

import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file in memory, gone with its last descriptor.
struct UnnamedFile: ~Copyable {
  /// At the file's beginning; open for reading and writing, or for reading only where it was made with its content.
  let descriptor: FileDescriptor

  /// An empty file to be written.
  ///
  /// - Parameter name: shown in /proc to whoever has it open.
  init(_ name: String) throws(SandboxError) {
    descriptor = try Self.make(name)
  }

  /// A file with this content, which nobody can change any more.
  init(_ name: String, holding bytes: [UInt8]) throws(SandboxError) {
    let file = try Self.make(name)
    defer { try? file.close() }
    do {
      try file.writeAll(bytes)
      guard fchmod(file.rawValue, 0o400) == 0, fcntl(file.rawValue, Self.addSeals, Self.seals) == 0 else {
        throw Errno(rawValue: errno)
      }
      descriptor = try FileDescriptor.open("/proc/self/fd/\(file.rawValue)", .readOnly, options: .closeOnExec)
    } catch {
      throw SandboxError("cannot hold \(bytes.count) bytes in memory for a run: \(error)")
    }
  }

  deinit {
    try? descriptor.close()
  }

  /// The kernel's F_ADD_SEALS.
  private static let addSeals: Int32 = 1033
  /// F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE.
  private static let seals: Int32 = 1 | 2 | 4 | 8

  private static func make(_ name: String) throws(SandboxError) -> FileDescriptor {
    // MFD_CLOEXEC, MFD_ALLOW_SEALING, and MFD_NOEXEC_SEAL, which older kernels do not know and some machines demand.
    let flags: UInt32 = 1 | 2
    var number = makeFileInMemory(name, flags | 8)
    if number < 0 { number = makeFileInMemory(name, flags) }
    guard number >= 0, fchmod(number, 0o600) == 0 else {
      throw SandboxError("cannot make a file in memory: \(String(cString: strerror(errno)))")
    }
    return FileDescriptor(rawValue: number)
  }

  /// The descriptor's number.
  var number: Int32 { descriptor.rawValue }

  /// The path by which a child of this process can open the file.
  var pathForChild: String { "/proc/\(getpid())/fd/\(descriptor.rawValue)" }

  /// Everything in it, at most `limit` bytes.
  func content(limit: Int) throws -> [UInt8] {
    let size = min(Int(try descriptor.seek(offset: 0, from: .end)), limit)
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        let read = try descriptor.read(fromAbsoluteOffset: Int64(count), into: rest)
        guard read > 0 else { break }
        count += read
      }
    }
  }
}

/// The C library's `memfd_create`, which Swift does not import.
@_silgen_name("memfd_create")
private func makeFileInMemory(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32
