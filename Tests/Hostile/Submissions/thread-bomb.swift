// base: right
// expect: passed 100
import Glibc
extension Attack {
  static func before() {
    for _ in 0..<10_000 {
      var thread = pthread_t()
      if pthread_create(&thread, nil, { _ in while true { sleep(1) } }, nil) != 0 { break }
    }
  }
}
