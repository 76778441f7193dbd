// What the launcher wrote about a run; Sources/launch/report.c has the format.

/// The launcher's own account of a run.
struct LauncherStatus {
  enum Ending {
    case exited(Int32)
    case signalled(Int32)
    /// Ended by the launcher: because the time was up, because we asked for it, or because it was ended itself.
    case stopped
    case processorTimeExceeded
    case slept
    case clockExceeded
    case memoryExceeded
    /// The file is no program that can be started.
    case unstartable(String)
  }

  /// The version of the control groups that the run had one of; `nil` if it had none.
  var groupVersion: Int?
  /// Whether the kernel refused the control group memory.
  var isExhausted = false
  /// Whether the program itself came to run.
  var started = false
  /// Whether the time was up before the program had ended.
  var isTimeUp = false
  /// Whether its folders were full before the program had ended.
  var isFolderFull = false
  /// What the isolation failed in.
  var fault: String?
  var ending: Ending?
  var processorSeconds = 0.0
  /// Without the waiting for a processor.
  var clockSeconds = 0.0
  /// In bytes.
  var peakMemory = 0
  /// From the launcher's start until every process was gone; `nil` if the launcher did not live to say.
  var wallSeconds: Double?

  init(_ bytes: [UInt8]) {
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      // A reason that quotes a path may have lines of its own.
      guard let word = words.first else { continue }
      let numbers = words.count == 2 ? words[1].split(separator: " ").map { Int($0) } : []
      switch word {
      case "started": started = true
      case "expired": isTimeUp = true
      case "full": isFolderFull = true
      case "exhausted": isExhausted = true
      case "group": groupVersion = words.count == 2 ? Int(words[1]) : nil
      case "unstartable": ending = .unstartable(words.count == 2 ? String(words[1]) : "")
      case "fault": fault = words.count == 2 ? String(words[1]) : "no reason given"
      case "took": wallSeconds = words.count == 2 ? Double(words[1]).map { $0 / 1e6 } : nil
      default:
        guard numbers.count == 4, let value = numbers[0], let microseconds = numbers[1], let kibibytes = numbers[2],
          let clock = numbers[3]
        else {
          fault = "the launcher wrote '\(line)', which means nothing here; build it anew"
          continue
        }
        switch word {
        case "exited": ending = .exited(Int32(truncatingIfNeeded: value))
        case "signalled": ending = .signalled(Int32(truncatingIfNeeded: value))
        case "stopped": ending = .stopped
        case "processor": ending = .processorTimeExceeded
        case "slept": ending = .slept
        case "clock": ending = .clockExceeded
        case "memory": ending = .memoryExceeded
        default: fault = "the launcher wrote '\(line)', which means nothing here; build it anew"
        }
        processorSeconds = Double(microseconds) / 1e6
        peakMemory = kibibytes << 10
        clockSeconds = Double(clock) / 1e6
      }
    }
  }
}
