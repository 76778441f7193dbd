// The command line of `launch` for one run; Sources/launch/options.c reads it.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension SandboxRequest {
  /// The launcher's arguments.
  func launcherArguments(
    mode: IsolationMode, bubblewrap: Bubblewrap?, users: UnprivilegedUsers?, status: String, answers: String?
  ) -> [String] {
    var line = [mode.rawValue, "--status", status, "--parent", "\(getpid())"]
    if isGrouped { line.append("--grouped") }
    if let bubblewrap { line += bubblewrap.launcherArguments }
    if let users { line += ["--users", "\(users.first)", "\(users.last)"] }
    if let answers { line += ["--answers", answers] }
    if let executable { line += ["--executable", executable] }
    if let workFolder { line += ["--work", workFolder] }
    if makesFiles { line.append("--makes-files") }
    for mount in mounts {
      // Without namespaces nothing is mounted; a writable folder is still handed over to the unprivileged user.
      if mode == .limits { guard case .writable = mount else { continue } }
      line += mount.launcherArguments
    }
    line += ["--folder", workingDirectory]
    line += ["--clock-ms", milliseconds(limits.clockSeconds)]
    line += ["--processor-ms", milliseconds(limits.processorSeconds)]
    if let call = limits.call {
      line += ["--call-clock-ms", milliseconds(call.clockSeconds)]
      line += ["--call-processor-ms", milliseconds(call.processorSeconds)]
    }
    if isClockAlone { line.append("--clock-alone") }
    line += ["--address-space", "\(limits.addressSpace)", "--memory", "\(limits.memory)"]
    line += ["--processes", "\(limits.processes)"]
    line += ["--file-size", "\(limits.fileSize)", "--open-files", "\(limits.openFiles)"]
    if let room = limits.folders { line += ["--folders", "\(room.bytes)", "\(room.files)"] }
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) { line += ["--environment", "\(name)=\(value)"] }
    return line + ["--", program] + arguments
  }

  /// What of the request cannot be done in a mode, or `nil`.
  package func refusal(mode: IsolationMode) -> String? {
    guard mode == .limits else { return nil }
    for mount in mounts {
      switch mount {
      case .readOnly(let host, let inside) where host != inside, .writable(let host, let inside) where host != inside,
        .copied(let host, let inside) where host != inside:
        return "'\(host)' cannot be shown as '\(inside)' without namespaces"
      default: continue
      }
    }
    return nil
  }
}

extension Mount {
  fileprivate var launcherArguments: [String] {
    switch self {
    case .readOnly(let host, let inside): ["--read-only", host, inside]
    case .copied(let host, let inside): ["--copy", host, inside]
    case .writable(let host, let inside): ["--writable", host, inside]
    case .scratch(let inside, let bytes): ["--scratch", "\(bytes)", inside]
    case .symbolicLink(let inside, let target): ["--link", target, inside]
    }
  }
}

/// Rounded up, because no time at all is no limit the launcher takes.
private func milliseconds(_ seconds: Double) -> String {
  "\(Int((seconds * 1000).rounded(.up)))"
}
