// A file that has no name, so that nothing is left behind however a run or `unroll` itself ends.

import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A temporary file without a name, gone with its last descriptor.
struct UnnamedFile: ~Copyable {
  /// Open for reading and writing, at the file's beginning.
  let descriptor: FileDescriptor

  init(holding bytes: [UInt8] = []) throws(SandboxError) {
    descriptor = try Self.make(holding: bytes)
  }

  deinit {
    try? descriptor.close()
  }

  private static func make(holding bytes: [UInt8]) throws(SandboxError) -> FileDescriptor {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(folder)/unroll-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
    } catch {
      throw SandboxError(
        "cannot make a temporary file in '\(folder)': \(error); set TMPDIR to a folder that you can write to")
    }
    unlink(path)
    do {
      try descriptor.writeAll(bytes)
      try descriptor.seek(offset: 0, from: .start)
    } catch {
      try? descriptor.close()
      throw SandboxError("cannot write a temporary file of \(bytes.count) bytes in '\(folder)': \(error)")
    }
    return descriptor
  }

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
