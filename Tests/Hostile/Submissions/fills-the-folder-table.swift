// base: right
// expect: passed 100
// never: MADE
import Glibc
extension Attack {
  static func before() {
    for folder in ["/tmp", "/dev/shm", "/dev", "/"] {
      for number in 0..<1000 where mkdir("\(folder)/hostile-\(number)", 0o700) == 0 { print("MADE", folder) }
      if symlink("/etc", folder + "/hostile-link") == 0 { print("MADE", folder) }
      if mkfifo(folder + "/hostile-pipe", 0o600) == 0 { print("MADE", folder) }
    }
  }
}
