// The two ways in which a submission's processes are kept apart from the machine.

/// How far a run is kept apart from the machine it runs on.
public enum IsolationMode: String, Sendable, CaseIterable {
  /// Own user, process, mount, network, IPC and host-name namespaces through bubblewrap, and everything of `limits`.
  case namespaces
  /// An unprivileged user where `unroll` runs as root, resource limits and a system-call filter; no namespaces.
  ///
  /// Paths are the host's own here: a mount must stand at the same path inside as outside.
  case limits

  /// What the mode does not protect from, one clause each; empty for `namespaces`.
  public var gaps: [String] {
    switch self {
    case .namespaces: []
    case .limits:
      [
        "a submission can read every file that its user can read",
        "a submission can write to /tmp and to every other place that its user can write to",
        "a submission run as your own user can look into your other processes, this one included",
        "what a submission leaves running is looked for and ended, not ended by the kernel",
        "the limit on processes is shared with everything else that its user runs",
      ]
    }
  }
}
