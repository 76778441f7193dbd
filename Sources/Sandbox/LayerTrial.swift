// Tries every layer of the isolation for real, for `unroll doctor`.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What came of trying one layer of the isolation.
public struct LayerTrial: Sendable, Hashable {
  /// The layer, in a few words.
  public let layer: String
  /// Whether it holds.
  public let holds: Bool
  /// What was seen.
  public let detail: String
  /// What to do where it does not hold.
  public let fix: String?

  package init(_ layer: String, holds: Bool, _ detail: String, fix: String? = nil) {
    self.layer = layer
    self.holds = holds
    self.detail = detail
    self.fix = holds ? nil : fix
  }

  /// Tries the launcher, bubblewrap, the kernel's part, and then each thing that a submission must not be able to do.
  ///
  /// Takes about half a second.
  public static func all(launcher: String, mode: IsolationMode) async -> [LayerTrial] {
    let sandbox: Sandbox
    do {
      sandbox = try Sandbox(launcher: launcher, mode: mode)
    } catch {
      return [LayerTrial("parts", holds: false, "\(error)", fix: "see the message")]
    }
    var trials = [LayerTrial("launcher", holds: true, launcher)]
    if let bubblewrap = sandbox.bubblewrap {
      let nesting =
        bubblewrap.limitsNesting ? "" : "; older than 0.8, so that the filter alone refuses namespaces to the inside"
      trials.append(
        LayerTrial("bubblewrap", holds: true, "\(bubblewrap.path), version \(bubblewrap.version)\(nesting)"))
    }
    if let users = sandbox.users {
      trials.append(LayerTrial("users of runs", holds: true, "\(users.first) to \(users.last), one for each run"))
    }

    let limits = Limits(
      clockSeconds: 5, processorSeconds: 5, addressSpace: 256 << 20, memory: 256 << 20, processes: 10,
      fileSize: 1 << 20, openFiles: 32, output: 1 << 16)
    let request = SandboxRequest(
      program: sandbox.path(inside: "/.launch", host: launcher), arguments: ["attempt"],
      mounts: [], wantsAnswers: true, limits: limits)
    let result = await sandbox.run(request)
    let layer = mode == .namespaces ? "namespaces and filter" : "limits and filter"
    guard result.ending == .exited(0) else {
      let detail: String
      if case .isolationFault(let reason) = result.ending { detail = reason } else { detail = "\(result.ending)" }
      return trials + [LayerTrial(layer, holds: false, detail, fix: mode == .namespaces ? namespaceFix : nil)]
    }
    trials.append(LayerTrial(layer, holds: true, "set up in \(Int(result.wallSeconds * 1000)) ms"))
    trials += judge(
      String(decoding: result.standardOutput, as: UTF8.self), limits: limits, answers: result.answers.count)
    trials.append(await clock(sandbox, request))
    trials.append(await folders(sandbox, request))
    trials += await memory(sandbox, request)
    return trials
  }

  private static func judge(_ text: String, limits: Limits, answers: Int) -> [LayerTrial] {
    var seen: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { seen[String(words[0])] = String(words[1]) }
    }
    let children = seen["processes"].flatMap { Int($0) } ?? .max
    let written = seen["file"].flatMap { Int($0) } ?? .max
    let report = "report this with the kernel's version (uname -r)"
    var trials = [
      LayerTrial(
        "process limit", holds: (1..<limits.processes).contains(children),
        "\(children + 1) processes under a limit of \(limits.processes)", fix: report),
      LayerTrial(
        "file limit", holds: written <= limits.fileSize && written == answers,
        "\(written) bytes written and \(answers) received under a limit of \(limits.fileSize)", fix: report),
    ]
    let attempts = [
      ("memory", "memory limit", "memory beyond the limit"), ("network", "network", "a socket"),
      ("namespace", "nested namespaces", "a namespace of its own"), ("trace", "system-call filter", "ptrace"),
      ("signal", "signals", "a signal to its parent"), ("supervisor", "supervisor", "the supervisor's descriptors"),
      ("host", "host's files", "/etc, /home or /var"), ("write", "writing", "a file in /, /tmp or /dev"),
    ]
    for (name, layer, what) in attempts {
      let answer = seen[name] ?? "not tried"
      trials.append(
        LayerTrial(
          layer, holds: answer == "refused", "\(what): \(answer)",
          fix: ["host", "write"].contains(name) ? "use '--isolation namespaces'" : report))
    }
    return trials
  }

  /// Whether processes that are each within their own limit are ended when they hold too much together, and by what.
  private static func memory(_ sandbox: Sandbox, _ request: SandboxRequest) async -> [LayerTrial] {
    var request = request
    request.arguments = ["attempt", "hoard"]
    request.isGrouped = false
    let watched = await sandbox.run(request)
    let limit = "\(request.limits.memory >> 20) MiB for all processes together"
    let watch = LayerTrial(
      "memory watch", holds: watched.ending == .memoryExceeded, "\(limit): \(watched.ending)",
      fix: "report this with the kernel's version (uname -r)")
    // Another watch than the kernel's may come first, so that the group is seen by a bound which nothing else knows.
    request.isGrouped = true
    let grouped = await sandbox.run(request)
    guard let version = grouped.groupVersion else {
      // No layer that must hold: the watch above bounds the memory of a run where there is no group.
      return [watch, LayerTrial("control group", holds: true, "not to be had here; the memory watch does its work")]
    }
    return [
      watch,
      LayerTrial(
        "control group", holds: grouped.ending == .memoryExceeded || grouped.isExhausted,
        "version \(version), memory and processes", fix: "report this with the kernel's version (uname -r)"),
    ]
  }

  /// Whether a compiler that puts too much into the folder it may write is ended; what no layer bounds is told.
  private static func folders(_ sandbox: Sandbox, _ request: SandboxRequest) async -> LayerTrial {
    let layer = "folder limit"
    do {
      let work = try WorkFolder()
      let folder = try work.folder("made")
      let inside = sandbox.path(inside: "/made", host: folder)
      var request = request
      request.arguments = ["attempt", "crowd"]
      request.mounts = [sandbox.writable(folder, at: inside)]
      request.workingDirectory = inside
      request.workFolder = work.path
      request.makesFiles = true
      request.wantsAnswers = false
      request.limits.folders = FolderRoom(bytes: 4 << 20, files: 100)
      let result = await sandbox.run(request)
      let uncounted =
        sandbox.mode == .limits
        ? "; not counted: other folders that this user may write, and files without a name"
        : "; not counted: files without a name"
      return LayerTrial(
        layer, holds: result.ending == .folderFull,
        "a compiler's folder with room for 4 MiB: \(result.ending)\(uncounted)",
        fix: "report this with the kernel's version (uname -r)")
    } catch {
      return LayerTrial(layer, holds: false, "\(error)", fix: "see that there is room on the disk of TMPDIR")
    }
  }

  /// Whether a program that sleeps is ended, and whether sleeping is told from waiting for a processor here.
  private static func clock(_ sandbox: Sandbox, _ request: SandboxRequest) async -> LayerTrial {
    var request = request
    request.arguments = ["attempt", "forever"]
    request.limits.clockSeconds = 0.2
    let result = await sandbox.run(request)
    let seconds = (result.clockSeconds * 100).rounded() / 100
    let how = result.ending == .slept ? "known to have slept" : "this kernel does not tell waiting from sleeping"
    return LayerTrial(
      "clock", holds: result.ending == .slept || result.ending == .clockExceeded,
      "a sleep without end under a limit of 0.2 s was ended after \(seconds) s; \(how)",
      fix: "report this with the kernel's version (uname -r)")
  }

  /// Why user namespaces are refused here, as far as the kernel's settings tell, and the way out.
  private static var namespaceFix: String {
    let otherwise = "; or use '--isolation limits' and read what it leaves open"
    if setting("kernel/apparmor_restrict_unprivileged_userns") == "1" {
      return "AppArmor keeps bubblewrap from user namespaces (Ubuntu 23.10 and later): install the profile for bwrap "
        + "(apt-get install apparmor-profiles) or 'sysctl kernel.apparmor_restrict_unprivileged_userns=0'" + otherwise
    }
    if setting("kernel/unprivileged_userns_clone") == "0" {
      return "'sysctl kernel.unprivileged_userns_clone=1' allows user namespaces" + otherwise
    }
    if setting("user/max_user_namespaces") == "0" {
      return "'sysctl user.max_user_namespaces=15000' allows user namespaces" + otherwise
    }
    if access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 {
      return "this is a container; start it with '--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
        + "--security-opt systempaths=unconfined'" + otherwise
    }
    return "the message above says what the kernel refused" + otherwise
  }

  private static func setting(_ name: String) -> String? {
    guard let file = fopen("/proc/sys/\(name)", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return nil }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
