// The hash of what was taken in.

import Hashing

extension Submission {
  /// SHA-256 of the files that were taken in, names and bytes; what was left out does not count.
  public var hash: String {
    var sum = SHA256()
    for file in files.sorted(by: { $0.name < $1.name }) + (derivation.map { [$0] } ?? []) {
      sum.add(file.name)
      sum.add(file.bytes)
    }
    return sum.hexadecimal()
  }
}
