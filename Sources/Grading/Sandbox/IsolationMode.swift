// The two ways in which a submission's processes are kept apart from the machine.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How far a run is kept apart from the machine it runs on.
public enum IsolationMode: String, Sendable, CaseIterable {
  /// Own user, process, mount, network, IPC and host-name namespaces through bubblewrap, and everything of `limits`.
  case namespaces
  /// A user of its own where `unroll` runs as root, resource limits and a system-call filter; no namespaces. Where `unroll`
  /// does not run as root, one submission at a time.
  ///
  /// Paths are the host's own here: a mount must stand at the same path inside as outside.
  case limits

  /// What the mode does not protect from, one clause each; empty for `namespaces`.
  public var gaps: [String] {
    guard self == .limits else { return [] }
    let always = [
      "a submission can read every file that its user can read",
      "only the system-call filter keeps a submission from writing files, and nothing keeps the compiler from it",
      "what a submission leaves running is looked for and ended, not ended by the kernel",
    ]
    // Started by root, each run is a user of its own.
    guard geteuid() != 0 else { return always }
    return always + [
      "a submission run as your own user can read your other processes, this one included",
      "the limit on processes is shared with everything else that its user runs",
    ]
  }
}
