// libFuzzer as a function: SwiftPM gives every executable a main of its own, so libFuzzer's cannot be used.

/// What is called with each input.
public typealias FuzzTarget = @convention(c) (UnsafePointer<UInt8>, Int) -> Int32

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ target: FuzzTarget
) -> Int32

/// Runs libFuzzer on a target with the program's own arguments.
public func fuzz(_ target: FuzzTarget) -> Int32 {
  var count = CommandLine.argc
  var arguments = CommandLine.unsafeArgv
  return runDriver(&count, &arguments, target)
}
