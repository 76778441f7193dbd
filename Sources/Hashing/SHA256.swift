// SHA-256, the fingerprint of what was graded: libmd's, with pieces that cannot run into each other.

import CSHA2

/// A SHA-256 sum in the making.
package struct SHA256 {
  private var context = SHA2_CTX()

  package init() { SHA256Init(&context) }

  /// Adds bytes.
  package mutating func update(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    SHA256Update(&context, bytes, bytes.count)
  }

  /// Adds a piece with its length before it, so that two pieces are not the same as the two joined.
  package mutating func add(_ bytes: some Collection<UInt8>) {
    let length = UInt64(bytes.count)
    update((0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) })
    update(bytes)
  }

  /// Adds a text with its length before it.
  package mutating func add(_ text: String) { add(text.utf8) }

  /// The sum of everything added, in 64 hexadecimal digits.
  package func hexadecimal() -> String {
    var copy = context
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256Final(&digest, &copy)
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}
