// The placeholder in a starter file: it compiles wherever a value is wanted, and says what is missing when run.

import Glibc

/// Stands for code that is not written yet, as a value of any type; when run it stops the program and says where.
///
/// ```swift
/// let df: Matrix = todo("gradient of the forget gate")
/// ```
public func todo<Value>(_ what: String, file: StaticString = #filePath, line: UInt = #line) -> Value {
  stopNotWritten(what, file, line)
}

/// The same where no value is wanted.
public func todo(_ what: String, file: StaticString = #filePath, line: UInt = #line) -> Never {
  stopNotWritten(what, file, line)
}

/// Ends the process without a trap: the line is known, so a crash report would add nothing but time.
private func stopNotWritten(_ what: String, _ file: StaticString, _ line: UInt) -> Never {
  writeToStandardError("\(file):\(line): not written yet: \(what)\n")
  _exit(todoExitCode)
}

/// The exit code of a program that met a `todo`.
public let todoExitCode: Int32 = 86
