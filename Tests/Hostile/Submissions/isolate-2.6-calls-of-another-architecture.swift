// base: wrong
// expect: crashed|failed 0
// never: CALLED
import Glibc
extension Attack {
  // The 32-bit table has other numbers: 102 is socketcall there and getuid here. A filter that looks at numbers alone lets
  // them pass.
  static func before() {
    #if arch(x86_64)
      // mov eax, 20 (getpid in the 32-bit table); int 0x80; ret
      let code: [UInt8] = [0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]
      let page = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
      page.copyMemory(from: code, byteCount: code.count)
      let answer = unsafeBitCast(page, to: (@convention(c) () -> Int32).self)()
      if answer > 0 { print("CALLED", answer) }
      if call(0x4000_0000 + 39, 0) > 0 { print("CALLED x32") }
    #endif
  }
}
