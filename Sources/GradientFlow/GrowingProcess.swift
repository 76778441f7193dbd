// Gaussian processes in discrete time that become known step by step.

import LinearAlgebra
import Recurrence

/// A gaussian process whose covariance becomes known step by step.
///
/// Cholesky's factor grows by a row a step; several independent copies share it.
final class GrowingProcess {
  private var factor: [[Double]] = []
  private let noise: UnsafeMutablePointer<Double>
  private let width: Int
  private let avoided: [Double]?
  private var count = 0

  /// - Parameters:
  ///   - width: how many numbers are drawn at each step.
  ///   - steps: how many steps there are.
  ///   - avoided: values that the noise is to be uncorrelated with.
  init(width: Int, steps: Int, avoiding avoided: [Double]? = nil) {
    self.width = width
    self.avoided = avoided
    noise = .allocate(capacity: max(1, width * steps))
  }

  deinit { noise.deallocate() }

  /// Makes noise uncorrelated over the units with all earlier noise, and of mean square 1, as it is among infinitely many:
  /// second moments, on which everything else rests, then have no sampling error of their own (moment matching).
  private func makeIndependent(_ fresh: UnsafeMutablePointer<Double>) {
    guard 2 * (count + 1) < width else { return }
    var overlaps = [Double](repeating: 0, count: count + 1)
    BLAS.multiply(
      .init(noise, stride: width), rows: count, columns: width, vector: fresh, factor: -1 / Double(width), into: &overlaps)
    BLAS.multiply(
      .init(noise, stride: width, isTransposed: true), rows: count, columns: width, vector: overlaps, into: fresh, adding: true)
    if let avoided, avoided.count == width {
      BLAS.add(-BLAS.inner(avoided, fresh, width) / BLAS.inner(avoided, avoided, width), avoided, to: fresh, width)
    }
    let length = (BLAS.inner(fresh, fresh, width) / Double(width)).squareRoot()
    for index in 0..<width { fresh[index] /= length }
  }

  /// Adds the values of the next step to `target`.
  ///
  /// - Parameter covariance: with each of the steps so far, and the variance last.
  func draw(_ covariance: [Double], into target: UnsafeMutablePointer<Double>, _ generator: inout SeededGenerator) {
    var row = [Double](repeating: 0, count: count + 1)
    var rest = covariance[count]
    for earlier in 0..<count {
      let pivot = factor[earlier][earlier]
      guard pivot > 0 else { continue }
      row[earlier] = (covariance[earlier] - BLAS.inner(row, factor[earlier], earlier)) / pivot
      rest -= row[earlier] * row[earlier]
    }
    // What is left of the variance may be a rounding error: then the step repeats earlier ones.
    row[count] = rest > 1e-12 * covariance[count] ? rest.squareRoot() : 0
    factor.append(row)
    let fresh = noise + count * width
    for index in 0..<width { fresh[index] = generator.normal() }
    makeIndependent(fresh)
    count += 1
    BLAS.multiply(
      .init(noise, stride: width, isTransposed: true), rows: count, columns: width, vector: row, into: target, adding: true)
  }
}

/// What a vector was at all steps so far, and its covariance in time.
final class History {
  private let values: UnsafeMutablePointer<Double>
  private let width: Int
  private var count = 0

  init(width: Int, steps: Int) {
    self.width = width
    values = .allocate(capacity: max(1, width * steps))
  }

  deinit { values.deallocate() }

  /// Adds a step; returns scale · ⟨v, v_s⟩ for each step so far, itself last.
  func append(_ vector: UnsafePointer<Double>, scale: Double) -> [Double] {
    (values + count * width).update(from: vector, count: width)
    count += 1
    var covariance = [Double](repeating: 0, count: count)
    BLAS.multiply(
      .init(values, stride: width), rows: count, columns: width, vector: vector, factor: scale, into: &covariance)
    return covariance
  }
}

/// The processes of one direction, forward or backward, and the vectors that they follow from.
struct Paths {
  /// A part of a vector that stands before matrices.
  struct Key: Hashable {
    let node: Int
    var part = 0
  }

  let steps: Int
  private var histories: [Key: History] = [:]
  private var processes: [Key: GrowingProcess] = [:]

  init(steps: Int) { self.steps = steps }

  mutating func history(_ key: Key, width: Int) -> History {
    if let known = histories[key] { return known }
    let history = History(width: width, steps: steps)
    histories[key] = history
    return history
  }

  mutating func process(_ key: Key, width: Int, avoiding avoided: [Double]? = nil) -> GrowingProcess {
    if let known = processes[key] { return known }
    let process = GrowingProcess(width: width, steps: steps, avoiding: avoided)
    processes[key] = process
    return process
  }
}
