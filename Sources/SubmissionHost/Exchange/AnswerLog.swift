// Everything that one process of a submission wrote to the answers file, sorted by call.

import Wire

/// What the answers file says of each call of one run.
///
/// The records of a call stand together: its two answers, then the way its process ended; calls follow one another in
/// the order of the request. Any record out of this order condemns the call it came during, any record that could not
/// come from this run condemns the whole run.
struct AnswerLog {
  /// What is known of one call.
  enum Entry: Equatable {
    /// Two answers, then an ending.
    case complete(first: ArraySlice<UInt8>, second: ArraySlice<UInt8>)
    /// The call's process ended with fewer than two answers; the wait status as the driver wrote it.
    case ended(EndedBy, answers: Int)
    /// The records contradict one another.
    case malformed(String)
  }

  /// How the process of a call ended.
  enum EndedBy: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  /// The entries of the calls that were reached, by number.
  private(set) var entries: [Int: Entry] = [:]
  /// How many answers the call that was running when the records end had given.
  private(set) var answersOfUnfinished = 0
  /// Why nothing in the file can be believed.
  private(set) var condemned: String?

  init(_ bytes: [UInt8], nonce: UInt64, order: [Int]) {
    read(bytes, nonce, order)
  }

  private mutating func read(_ bytes: [UInt8], _ nonce: UInt64, _ order: [Int]) {
    var reader = WireReader(bytes[...])
    var remaining = order[...]
    var answers: [ArraySlice<UInt8>] = []
    var fault: String?
    while !reader.bytes.isEmpty {
      guard let record = WireRecord(&reader) else {
        // A record cut short by the end of its process swallows what follows: this call is lost, later ones unheard.
        if let current = remaining.first { entries[current] = .malformed("an answer was cut short") }
        return
      }
      guard record.nonce == nonce else { return condemn("an answer of another run") }
      guard let current = remaining.first else { return condemn("an answer after the last one") }
      let number = Int(record.number)
      guard number == current else {
        guard order.contains(number) else { return condemn("an answer to a call that was not made") }
        fault = fault ?? "an answer to call \(number) during call \(current)"
        continue
      }
      switch record.part {
      case 0, 1:
        if Int(record.part) != answers.count {
          fault = fault ?? "an answer was given twice"
        } else {
          answers.append(record.content)
        }
      case 2:
        if let fault {
          entries[current] = .malformed(fault)
        } else if answers.count == 2 {
          entries[current] = .complete(first: answers[0], second: answers[1])
        } else {
          entries[current] = .ended(
            // Whoever wrote it may have written any number.
            record.value < 256 ? .exit(Int32(record.value)) : .signal(Int32(record.value & 0xFF)),
            answers: answers.count)
        }
        remaining = remaining.dropFirst()
        answers = []
        fault = nil
      default:
        return condemn("a record of an unknown kind")
      }
    }
    answersOfUnfinished = answers.count
    if let fault, let current = remaining.first { entries[current] = .malformed(fault) }
  }

  private mutating func condemn(_ reason: String) {
    condemned = reason
    entries = [:]
  }
}
