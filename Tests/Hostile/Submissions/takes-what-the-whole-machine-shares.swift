// base: wrong
// expect: failed 0
// never: TAKEN
import Glibc
extension Attack {
  // Tables that the kernel counts for the whole machine, or for a user: asynchronous input and output, watches, locked
  // memory, message queues, larger pipes, shared segments, files in memory.
  static func before() {
    var contexts = [UInt](repeating: 0, count: 1)
    if contexts.withUnsafeMutableBytes({ call(206, 0, 60_000, Int(bitPattern: $0.baseAddress!)) }) == 0 {
      print("TAKEN aio")
    }
    if call(425, 425, 8, Int(bitPattern: calloc(1, 256))) >= 0 { print("TAKEN io_uring") }
    if call(294, 26, 0) >= 0 { print("TAKEN inotify") }
    let page = mmap(nil, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    if call(149, 228, Int(bitPattern: page), 1 << 16) == 0 { print("TAKEN locked memory") }
    if call(151, 230, 2) == 0 { print("TAKEN locked memory") }
    let locked = mmap(nil, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | 0x2000, -1, 0)
    if locked != MAP_FAILED { print("TAKEN locked memory") }
    if call(240, 180, address("/hostile-unroll"), 0o102, 0o600, 0) >= 0 { print("TAKEN a message queue") }
    if call(29, 194, 1, 4096, 0o1600) >= 0 { print("TAKEN a segment") }
    if call(319, 279, address("hostile-unroll"), 0) >= 0 { print("TAKEN a file in memory") }
    var ends: [Int32] = [0, 0]
    if pipe(&ends) == 0, call(72, 25, Int(ends[1]), 1031, 1 << 20) >= 0 { print("TAKEN a larger pipe") }
  }
}
