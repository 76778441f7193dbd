// base: right
// expect: passed 100
import Glibc
extension Attack {
  static func before() {
    for _ in 0..<64 {
      let size = 1 << 30
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      if memory == MAP_FAILED { return }
      for offset in stride(from: 0, to: size, by: 1 << 21) {
        memory!.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
      }
    }
  }
}
