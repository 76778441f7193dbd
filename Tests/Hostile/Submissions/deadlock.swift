// base: right
// expect: timedOut 0
import Glibc
nonisolated(unsafe) var lock = pthread_mutex_t()
extension Attack {
  static func before() {
    pthread_mutex_lock(&lock)
    pthread_mutex_lock(&lock)
  }
}
