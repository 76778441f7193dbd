// Residues of a prime: numbers in which an identity is decided without any rounding.

/// A number mod p = 2⁶¹ − 1, with a second residue beside it in which exp turns sums into products.
///
/// exp must map the sum of two arguments to the product of their values, and the multiplicative group mod p has no image of the
/// additive group mod p. It has one of the integers mod m for each m that divides p − 1; so a number carries itself mod such an
/// m as well, and exp(a) is g to that power for a g of order m. Sums, products and quotients are formed in both. The values of
/// functions have a second residue that follows from the first: equal values have equal ones, and nothing else is known of them.
package struct Residue: Scalar {
  package typealias Meaning = ResidueFunctions

  /// 2⁶¹ − 1.
  package static let prime: UInt64 = (1 << 61) - 1
  /// 61 · 151 · 331 · 1321, which divides p − 1.
  package static let order: UInt64 = 4_027_518_961
  /// The prime factors of the order.
  static let factors: [UInt64] = [61, 151, 331, 1321]

  /// Mod p; all ones where there is no value.
  package let value: UInt64
  /// Mod m.
  package let exponent: UInt64

  @inlinable init(value: UInt64, exponent: UInt64) {
    self.value = value
    self.exponent = exponent
  }

  /// The value of a function, mod p.
  init(ofFunction value: UInt64) {
    self.init(value: value, exponent: Self.mixed(value) % Self.order)
  }

  /// What has no value.
  package static let undefined = Residue(value: .max, exponent: 0)

  package static let zero = Residue(value: 0, exponent: 0)
  package static let one = Residue(value: 1, exponent: 1)

  package init(_ integer: Int) {
    let size = UInt64(integer.magnitude)
    let (value, exponent) = (size % Self.prime, size % Self.order)
    self.init(
      value: integer < 0 && value > 0 ? Self.prime - value : value,
      exponent: integer < 0 && exponent > 0 ? Self.order - exponent : exponent)
  }

  package init(_ number: Double) {
    guard let (integer, ten) = number.decimal else {
      self = .undefined
      return
    }
    let scale = Residue(10).power(abs(ten))
    self = ten < 0 ? Residue(integer) / scale : Residue(integer) * scale
  }

  /// A random one, of two random words.
  package init(drawnFrom one: UInt64, _ two: UInt64) {
    self.init(value: one % Self.prime, exponent: two % Self.order)
  }

  package var isNumber: Bool { value != .max }

  package var integer: Int? {
    guard isNumber else { return nil }
    if value < 1_000_000 { return Int(value) }
    return Self.prime - value < 1_000_000 ? -Int(Self.prime - value) : nil
  }

  package static func == (a: Residue, b: Residue) -> Bool { a.value == b.value }

  package func hash(into hasher: inout Hasher) { hasher.combine(value) }

  // MARK: Arithmetic

  /// The product of two numbers below p.
  @inlinable static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    // 2⁶¹ is 1.
    let sum = (low & prime) &+ ((low >> 61) | (high << 3))
    return sum >= prime ? sum &- prime : sum
  }

  /// A power of a number below p.
  static func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    var (result, square, left): (UInt64, UInt64, UInt64) = (1, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      left >>= 1
    }
    return result
  }

  @inlinable package static prefix func - (a: Residue) -> Residue {
    guard a.isNumber else { return .undefined }
    return Residue(value: a.value == 0 ? 0 : prime &- a.value, exponent: a.exponent == 0 ? 0 : order &- a.exponent)
  }

  @inlinable package static func + (a: Residue, b: Residue) -> Residue {
    guard a.isNumber, b.isNumber else { return .undefined }
    let (value, exponent) = (a.value &+ b.value, a.exponent &+ b.exponent)
    return Residue(
      value: value >= prime ? value &- prime : value, exponent: exponent >= order ? exponent &- order : exponent)
  }

  @inlinable package static func - (a: Residue, b: Residue) -> Residue {
    guard a.isNumber, b.isNumber else { return .undefined }
    return Residue(
      value: a.value >= b.value ? a.value &- b.value : a.value &+ prime &- b.value,
      exponent: a.exponent >= b.exponent ? a.exponent &- b.exponent : a.exponent &+ order &- b.exponent)
  }

  @inlinable package static func * (a: Residue, b: Residue) -> Residue {
    guard a.isNumber, b.isNumber else { return .undefined }
    return Residue(value: product(a.value, b.value), exponent: (a.exponent &* b.exponent) % order)
  }

  package static func / (a: Residue, b: Residue) -> Residue {
    guard a.isNumber, b.isNumber, b.value != 0, let inverse = inverse(b.value, mod: prime) else { return .undefined }
    let value = product(a.value, inverse)
    // A few numbers have no inverse mod m; the quotient is then as the value of a function is.
    guard let other = Self.inverse(b.exponent, mod: order) else { return Residue(ofFunction: value) }
    return Residue(value: value, exponent: (a.exponent &* other) % order)
  }

  /// By Euclid's algorithm; nil where there is none.
  private static func inverse(_ number: UInt64, mod modulus: UInt64) -> UInt64? {
    var (a, b) = (Int64(modulus), Int64(number))
    var (x, y): (Int64, Int64) = (0, 1)
    while b != 0 {
      let quotient = a / b
      (a, b) = (b, a &- quotient &* b)
      (x, y) = (y, x &- quotient &* y)
    }
    guard a == 1 else { return nil }
    return UInt64(x < 0 ? x + Int64(modulus) : x)
  }

  /// A number as good as random that follows from another (splitmix64).
  static func mixed(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Double {
  /// The number as the shortest decimal that is it: an integer times a power of ten; nil where it is none.
  var decimal: (integer: Int, ten: Int)? {
    guard isFinite else { return nil }
    if self == rounded(), abs(self) < 9e15 { return (Int(self), 0) }
    let parts = "\(self)".lowercased().split(separator: "e")
    guard let first = parts.first, let shift = parts.count > 1 ? Int(parts[1]) : 0 else { return nil }
    let digits = first.split(separator: ".")
    guard let integer = Int(digits.joined()) else { return nil }
    return (integer, shift - (digits.count > 1 ? digits[1].count : 0))
  }
}
