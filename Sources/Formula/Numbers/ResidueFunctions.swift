// What functions mean over residues: values as good as random that follow from the argument, with the rules that make known
// identities hold.

/// Functions of residues under a key; other keys have other functions.
package final class ResidueFunctions: FunctionMeaning {
  private let key: UInt64
  /// A number of order m mod p.
  private let base: UInt64
  /// What each value of exp was the exp of.
  private var logarithms: [UInt64: Residue] = [:]

  package init(key: UInt64) {
    self.key = key
    // Nearly every number is one when it is raised so far; the next is tried where it is not.
    base =
      (0..<64).lazy.map { Residue.mixed(key &+ $0) % Residue.prime }
      .map { Residue.power($0, (Residue.prime - 1) / Residue.order) }
      .first { candidate in Residue.factors.allSatisfy { Residue.power(candidate, Residue.order / $0) != 1 } } ?? 1
  }

  /// Which function a value is of.
  private enum Kind: UInt64 { case logarithm = 1, side, below, density, angle }

  private func word(_ kind: Kind, _ number: UInt64) -> UInt64 {
    Residue.mixed(Residue.mixed(number ^ key) &+ kind.rawValue &* 0xD1B5_4A32_D192_ED03)
  }

  private func drawn(_ kind: Kind, _ number: UInt64) -> Residue {
    Residue(ofFunction: word(kind, number) % Residue.prime)
  }

  /// The smaller one of ±x, and whether that is x itself.
  private func canonical(_ x: Residue) -> (number: UInt64, isOwn: Bool) {
    let other = x.value == 0 ? 0 : Residue.prime - x.value
    return x.value <= other ? (x.value, true) : (other, false)
  }

  package func exp(_ x: Residue) -> Residue {
    guard x.isNumber else { return .undefined }
    // exp(0) is 1, which the exponent 0 of another number would be too.
    let result = x.value == 0 ? Residue.one : Residue(ofFunction: Residue.power(base, x.exponent))
    logarithms[result.value] = x
    return result
  }

  package func log(_ x: Residue) -> Residue {
    guard x.isNumber, x.value != 0 else { return .undefined }
    if x.value == 1 { return .zero }
    if let known = logarithms[x.value] { return known }
    let inverse = Residue.one / x
    return inverse.value < x.value ? -drawn(.logarithm, inverse.value) : drawn(.logarithm, x.value)
  }

  package func root(_ x: Residue) -> Residue {
    guard x.isNumber else { return .undefined }
    // p is 3 mod 4, so that a square has a root that is a square itself: x to the power (p + 1) / 4.
    let root = Residue.power(x.value, (Residue.prime + 1) / 4)
    guard Residue.product(root, root) == x.value else { return .undefined }
    return root <= 1 ? Residue(Int(root)) : Residue(ofFunction: root)
  }

  package func isAbove(_ x: Residue) -> Bool {
    guard x.isNumber, x.value != 0 else { return false }
    let (number, isOwn) = canonical(x)
    return (word(.side, number) & 1 == 1) == isOwn
  }

  package func normal(_ x: Residue) -> (below: Residue, density: Residue) {
    guard x.isNumber else { return (.undefined, .undefined) }
    let (number, isOwn) = canonical(x)
    let density = drawn(.density, number)
    guard number != 0 else { return (.one / Residue(2), density) }
    let below = drawn(.below, number)
    return (isOwn ? below : .one - below, density)
  }

  package func circle(_ x: Residue) -> (sine: Residue, cosine: Residue) {
    guard x.isNumber else { return (.undefined, .undefined) }
    let (number, isOwn) = canonical(x)
    guard number != 0 else { return (.zero, .one) }
    // Points of the circle by the tangent of half their angle.
    let tangent = isOwn ? drawn(.angle, number) : -drawn(.angle, number)
    let square = tangent * tangent
    let scale = Residue.one / (.one + square)
    return ((tangent + tangent) * scale, (.one - square) * scale)
  }
}
