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

  /// What the mode does not protect from; empty for `namespaces`.
  public var gaps: [IsolationGap] {
    guard self == .limits else { return [] }
    // Started by root, each run is a user of its own.
    return IsolationGap.allCases.filter { geteuid() != 0 || ![.processesRead, .processesCounted].contains($0) }
  }
}

/// Something that a mode of isolation does not protect from, in a clause.
public enum IsolationGap: String, Sendable, CaseIterable {
  case filesRead = "a submission can read every file that its user can read"
  case filesWritten =
    "only the system-call filter keeps a submission from writing files, and nothing keeps the compiler from it"
  case processesLeft = "what a submission leaves running is looked for and ended, not ended by the kernel"
  case processesRead = "a submission run as your own user can read your other processes, this one included"
  case processesCounted = "the limit on processes is shared with everything else that its user runs"
}
