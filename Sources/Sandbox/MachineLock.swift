// Locks between the graders of one machine, whoever started them.

#if canImport(Glibc)
  package import Glibc
#elseif canImport(Musl)
  package import Musl
#endif

/// A lock that many processes share or one has alone.
///
/// The kernel keeps it (`flock`), so that it goes away with its holder however that ends. Whoever asks for it alone keeps
/// newcomers out while those who share it finish, and so comes to its turn.
package struct MachineLock: Sendable {
  /// Held as long as somebody has this value.
  package final class Holding: Sendable {
    fileprivate let descriptor: Int32
    private let other: Holding?

    fileprivate init(_ descriptor: Int32, with other: Holding? = nil) {
      self.descriptor = descriptor
      self.other = other
    }

    deinit { close(descriptor) }
  }

  /// What keeps newcomers out while somebody waits to be alone, and what is shared.
  private let gate, room: String

  /// For submissions that run as this user and are not kept apart from the user's files: one at a time.
  package static func submissions(of user: uid_t) -> MachineLock { MachineLock("user-\(user)") }

  /// - Parameters:
  ///   - name: tells this lock from others.
  ///   - folder: where the lock's files are; for every user of the machine the same, whatever TMPDIR says.
  package init(_ name: String, in folder: String = Self.folder) {
    gate = "\(folder)/unroll-\(name)-gate.lock"
    room = "\(folder)/unroll-\(name).lock"
  }

  /// The first of the usual folders in which every user may make a file.
  package static let folder: String =
    ["/run/lock", "/var/lock"].first { path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & 0o1777 == 0o1777
    } ?? "/tmp"

  /// Shares the lock.
  package func shared(patience: Duration = .seconds(600)) async throws -> Holding {
    let end = ContinuousClock.now + patience
    let gate = try await take(gate, LOCK_SH, until: end)
    let room = try await take(room, LOCK_SH, until: end)
    withExtendedLifetime(gate) {}
    return room
  }

  /// Waits until nobody else has the lock, and keeps others out.
  package func alone(patience: Duration = .seconds(600)) async throws -> Holding {
    let end = ContinuousClock.now + patience
    let gate = try await take(gate, LOCK_EX, until: end)
    return try await take(room, LOCK_EX, until: end, keeping: gate)
  }

  private func take(
    _ path: String, _ operation: Int32, until end: ContinuousClock.Instant, keeping other: Holding? = nil
  ) async throws -> Holding {
    var pause = Duration.milliseconds(1)
    while true {
      let descriptor = try Self.open(path)
      let holding = Holding(descriptor, with: other)
      while flock(descriptor, operation | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR else {
          throw SandboxError("'\(path)' cannot be locked: \(String(cString: strerror(errno)))")
        }
        guard ContinuousClock.now < end else {
          throw SandboxError("another grader has had '\(path)' locked for too long; see which with 'fuser \(path)'")
        }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(20))
      }
      // Who clears old files away may have taken the name from the file that we waited for.
      var ours = stat(), named = stat()
      if fstat(descriptor, &ours) == 0, lstat(path, &named) == 0, ours.st_ino == named.st_ino,
        ours.st_dev == named.st_dev
      {
        return holding
      }
    }
  }

  /// Opens the file, which is made where it is missing. It is only ever locked, so that reading is enough.
  private static func open(_ path: String) throws(SandboxError) -> Int32 {
    for _ in 0..<100 {
      let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
      var descriptor = systemOpen(path, flags)
      if descriptor < 0, errno == ENOENT {
        descriptor = systemOpen(path, flags | O_CREAT | O_EXCL)
        if descriptor >= 0 { fchmod(descriptor, 0o444) }
      }
      if descriptor >= 0 {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return descriptor }
        close(descriptor)
        throw SandboxError("'\(path)' is no regular file; remove it")
      }
      // Made by another grader between the two attempts, who has yet to open it to all, or cleared away.
      guard [EEXIST, ENOENT, EINTR, EACCES].contains(errno) else { break }
      usleep(1000)
    }
    throw SandboxError("the lock file '\(path)' cannot be opened: \(String(cString: strerror(errno)))")
  }
}

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o444) }
