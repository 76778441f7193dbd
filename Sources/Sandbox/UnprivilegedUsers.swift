// Who the runs of a grader are that root started.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A range of user numbers that nobody else has. Each run is one of them, locked for as long as it lasts; its group has the
/// same number. `launch` picks one (users.c).
public struct UnprivilegedUsers: Sendable, Equatable {
  let first, last: uid_t

  /// Numbers that neither Debian nor systemd gives to anybody, and that a container with 65,536 of them has.
  package static let usual = UnprivilegedUsers(first: 60_700, last: 60_827)

  /// The environment's variable for another range: `UNROLL_UIDS=200000-200099`.
  package static let variable = "UNROLL_UIDS"

  private init(first: uid_t, last: uid_t) { (self.first, self.last) = (first, last) }

  /// Reads the range that the environment gives, or takes the usual one.
  init(_ text: String? = getenv(Self.variable).map { String(cString: $0) }) throws(SandboxError) {
    guard let text, !text.isEmpty else {
      self = .usual
      return
    }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { uid_t($0) }
    // Root, the two numbers that mean "none", and Linux's "nobody", which many services are.
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, first > 0, last < .max,
      !(first...last).contains(65_534), !(first...last).contains(65_535)
    else {
      throw SandboxError(
        "\(Self.variable) is '\(text)'; it takes a range of user numbers that nobody has, FIRST-LAST, "
          + "without 0, 65534 and 65535")
    }
    self.init(first: first, last: last)
  }
}
