// Random numbers that a seed repeats on every machine.

import Glibc

/// A generator whose whole sequence follows from its seed: xoshiro256++ (Blackman and Vigna 2019), filled by SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  /// Starts the sequence of a seed; `stream` separates independent uses of one seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixed = seed ^ (stream &* 0x9E37_79B9_7F4A_7C15)
    func split() -> UInt64 {
      mixed &+= 0x9E37_79B9_7F4A_7C15
      var value = mixed
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
    state = (split(), split(), split(), split())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { (value << count) | (value >> (64 - count)) }
    let result = rotated(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// A number in [0, 1).
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from the standard normal distribution (Box and Muller 1958).
  public mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let radius = (-2 * Glibc.log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * Glibc.sin(angle)
    return radius * Glibc.cos(angle)
  }
}
