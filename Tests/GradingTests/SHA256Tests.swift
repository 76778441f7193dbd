// The examples of FIPS 180-4 and NIST's test vectors, and Python's hashlib for the lengths around a block.

import Testing

@testable import Hashing

@Suite struct SHA256Tests {
  private func sum(_ bytes: [UInt8]) -> String {
    var sum = SHA256()
    sum.update(bytes)
    return sum.hexadecimal()
  }

  @Test func agreesWithTheStandardsExamples() {
    #expect(sum([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(sum(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      sum(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  // python3 -c 'import hashlib; print(hashlib.sha256(bytes(i % 251 for i in range(n))).hexdigest()[:16])'
  @Test(arguments: [
    (55, "463eb28e72f82e0a"),
    (56, "da2ae4d6b36748f2"),
    (57, "2fe741af801cc238"),
    (63, "29af2686fd53374a"),
    (64, "fdeab9acf3710362"),
    (65, "4bfd2c8b6f1eec7a"),
    (119, "da18797ed7c3a777"),
    (120, "f52b23db1fbb6ded"),
    (128, "471fb943aa23c511"),
    (1000, "4e4c294b331f7a20"),
  ])
  func agreesAroundABlock(_ length: Int, _ beginning: String) {
    let bytes = (0..<length).map { UInt8($0 % 251) }
    #expect(sum(bytes).hasPrefix(beginning))
    var inPieces = SHA256()
    for byte in bytes { inPieces.update([byte]) }
    #expect(inPieces.hexadecimal() == sum(bytes))
  }

  @Test func piecesAreNotTheirJoin() {
    var apart = SHA256()
    apart.add("ab")
    apart.add("c")
    var joined = SHA256()
    joined.add("a")
    joined.add("bc")
    #expect(apart.hexadecimal() != joined.hexadecimal())
  }
}
