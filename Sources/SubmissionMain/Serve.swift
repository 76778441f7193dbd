// The main of a submission's own process: reads all calls, makes each in a process of its own, and says how it ended.
//
// Time is not kept here: whoever started this process does, for each child of it in its turn.
//
// Nothing here is trusted by `unroll`: the learner's code shares this process and could write every record itself.
// It holds no reference values, so it can tell nothing but what it computed.

// The C library's standard streams are variables, which Swift 6 calls unsafe; one thread uses them here.
@preconcurrency import Glibc
import Wire

/// What can make a call.
protocol Executable {
  /// Makes a call and returns an answer, or nil when the call does not fit.
  func execute(_ call: WireCall) -> [UInt8]?
}

/// Serves the calls of a cell on standard input and ends the process.
public func serve(_ program: Program) -> Never { serve(program as any Executable) }

/// Serves the calls of a model on standard input and ends the process.
public func serve(_ program: ModelProgram) -> Never { serve(program as any Executable) }

func serve(_ program: any Executable) -> Never {
  // A trap loses what is still buffered.
  setvbuf(stdout, nil, Int32(_IOLBF), 0)
  guard let request = WireRequest(readAll(0)) else { fail("the calls on standard input cannot be read") }
  // A learner's readLine() finds the end of the file, not the calls.
  let nothing = open("/dev/null", O_RDONLY)
  if nothing >= 0 {
    dup2(nothing, 0)
    close(nothing)
  } else {
    close(0)
  }
  for call in request.calls {
    mark(request.nonce, call.number, 0)
    let ending = runApart(call, of: program, request)
    send(WireRecord(number: call.number, nonce: request.nonce, part: 2, value: ending.wireValue, content: []))
  }
  fflush(nil)
  _exit(0)
}

/// How the process of a call ended.
private enum Ending {
  case exit(Int32)
  case signal(Int32)

  var wireValue: UInt32 {
    switch self {
    case .exit(let code): UInt32(bitPattern: code & 0xFF)
    case .signal(let number): 256 + UInt32(bitPattern: number)
    }
  }
}

/// Makes a call in a process of its own and waits for its end.
private func runApart(_ call: WireCall, of program: any Executable, _ request: WireRequest) -> Ending {
  let child = forkProcess()
  if child == 0 { make(call, of: program, request) }
  if child < 0 { fail("no process for call \(call.number)") }
  var status: Int32 = 0
  while waitpid(child, &status, Int32(WUNTRACED)) < 0 {
    if errno != EINTR { fail("call \(call.number) was lost") }
  }
  // Nobody will wake a process that stopped itself, and the jail ends it.
  if status & 0xFF == 0x7F { return .signal(SIGSTOP) }
  // The layout of a wait status: the low seven bits are a signal, or 0 after an exit with the code above them.
  let signal = status & 0x7F
  return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
}

/// Makes one call twice, in a process of its own, and ends it. A training is made once: it takes its time, and what it
/// returns is measured, not compared.
private func make(_ call: WireCall, of program: any Executable, _ request: WireRequest) -> Never {
  var bytes: [UInt8] = []
  for part: UInt32 in 0...1 {
    if part == 1 { mark(request.nonce, call.number, 1) }
    if part == 0 || call.kind != .modelTrain {
      guard let made = program.execute(call) else { fail("call \(call.number) does not fit the cell") }
      bytes = made
    }
    send(WireRecord(number: call.number, nonce: request.nonce, part: part, value: 0, content: bytes[...]))
  }
  fflush(nil)
  _exit(0)
}

/// `fork`, which Swift does not import because it breaks processes with several threads; this one has a single thread.
private let forkProcess: @convention(c) () -> Int32 =
  unsafeBitCast(symbol("fork"), to: (@convention(c) () -> Int32).self)

private func symbol(_ name: String) -> UnsafeMutableRawPointer {
  guard let address = dlsym(nil, name) else { fail("the C library has no \(name)") }
  return address
}

/// Writes a record with one write, so that nothing waits in a buffer when the process dies.
private func send(_ record: WireRecord) { writeAll(3, record.bytes) }

/// Draws a line in both outputs, by which they are later divided among the calls.
private func mark(_ nonce: UInt64, _ number: UInt32, _ part: UInt32) {
  fflush(nil)
  let line = Array("\u{1E}\(nonce) \(number) \(part)\n".utf8)
  writeAll(1, line)
  writeAll(2, line)
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written > 0 {
      rest = rest.dropFirst(written)
    } else if written == 0 || errno != EINTR {
      return
    }
  }
}

private func readAll(_ descriptor: Int32) -> [UInt8] {
  var result: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      result += chunk[..<count]
    } else if count == 0 || errno != EINTR {
      return result
    }
  }
}

private func fail(_ message: String) -> Never {
  fflush(nil)
  writeAll(2, Array("the driver stopped: \(message)\n".utf8))
  _exit(driverFailureCode)
}

/// The exit code when the driver itself cannot go on.
private let driverFailureCode: Int32 = 87
