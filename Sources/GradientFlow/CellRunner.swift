// Who computes the gradients of an experiment: the reference here, a submission's process elsewhere.

public import CellKit
import LinearAlgebra
public import Recurrence

/// Something that runs a cell forward and backward and tells the gradient by every state at every step.
public protocol CellRunner: Sendable {
  /// The total gradient by each state at the steps 0…T, for each case.
  ///
  /// - Throws: why the cell could not be run, in words for its author.
  func stateGradients(_ cases: [Case], of cell: Cell, sizes: Sizes) async throws -> [[[Matrix]]]

  /// The curves of every network of an experiment.
  ///
  /// - Parameters:
  ///   - measures: what to measure of each network.
  ///   - finished: is called whenever a network is done.
  /// - Returns: for each seed and each measure, a number at the steps 0…T.
  func curves(
    _ measures: [Measure], _ experiment: Experiment, of cell: Cell, finished: @Sendable () -> Void
  ) async throws -> [[[Double]]]
}

/// What is measured of a network.
public enum Measure: Sendable, Hashable {
  /// The Frobenius norm of the loss's gradient by a state.
  case norm(state: Int)
  /// The largest singular value of ∂h_T/∂h_step, for the first sample.
  case largestSingularValue
  /// The smallest one.
  case smallestSingularValue

  var isJacobian: Bool { if case .norm = self { false } else { true } }
}

extension CellRunner {
  /// Measures what `stateGradients` gives.
  ///
  /// The Jacobian is found with as many copies of the first sample as it has rows, a unit vector as the loss's gradient in
  /// each. A product of many matrices in double precision leaves singular values below 1e-13 of the largest undetermined:
  /// they are not a number here. `ReferenceRunner` finds them.
  public func curves(
    _ measures: [Measure], _ experiment: Experiment, of cell: Cell, finished: @Sendable () -> Void
  ) async throws -> [[[Double]]] {
    let cases = experiment.networkSeeds.map { experiment.network(of: cell, seed: $0) }
    let sizes = experiment.sizes(for: cell)
    var curves = [[[Double]]](repeating: [[Double]](repeating: [], count: measures.count), count: cases.count)
    if measures.contains(where: { !$0.isJacobian }) {
      let gradients = try await stateGradients(cases, of: cell, sizes: sizes)
      for (seed, states) in gradients.enumerated() {
        for (index, measure) in measures.enumerated() {
          guard case .norm(let state) = measure else { continue }
          curves[seed][index] = states[state].map(\.frobeniusNorm)
        }
      }
    }
    if measures.contains(where: \.isJacobian) {
      let flow = JacobianFlow(cell, sizes)
      let gradients = try await stateGradients(cases.map(flow.unitCase), of: cell, sizes: flow.sizes)
      for (seed, states) in gradients.enumerated() {
        let values = states[flow.state].map { $0.singularValues }
        for (index, measure) in measures.enumerated() {
          switch measure {
          case .norm: break
          case .largestSingularValue: curves[seed][index] = values.map { $0.first ?? 0 }
          case .smallestSingularValue:
            curves[seed][index] = values.map { list in
              guard let first = list.first, let last = list.last else { return .nan }
              return last > 1e-13 * first ? last : .nan
            }
          }
        }
      }
    }
    for _ in cases { finished() }
    return curves
  }
}

/// Runs the equations of the sheet.
public struct ReferenceRunner: CellRunner {
  /// How many networks run side by side.
  public let threads: Int

  /// A runner that uses `threads` cores.
  public init(threads: Int) {
    self.threads = max(1, threads)
  }

  /// Computes every case by reverse mode; one plan for each thread.
  public func stateGradients(_ cases: [Case], of cell: Cell, sizes: Sizes) async throws -> [[[Matrix]]] {
    try await sideBySide(cases.count) { () -> (Int) -> [[Matrix]] in
      let recurrence = Recurrence(cell, sizes: sizes)
      return { index in
        recurrence.forward(cases[index])
        return recurrence.backward(cases[index].upstream, recordsStates: true).states
      }
    }
  }

  /// Draws and measures each network in its turn, so that no more than one a thread is in memory.
  public func curves(
    _ measures: [Measure], _ experiment: Experiment, of cell: Cell, finished: @Sendable () -> Void
  ) async throws -> [[[Double]]] {
    let seeds = experiment.networkSeeds
    let sizes = experiment.sizes(for: cell)
    let wantsNorms = measures.contains { !$0.isJacobian }
    let wantsJacobian = measures.contains(where: \.isJacobian)
    return try await sideBySide(seeds.count, finished: finished) { () -> (Int) -> [[Double]] in
      let norms = wantsNorms ? NormFlow(cell, sizes, clip: experiment.variant.clip) : nil
      let jacobian = wantsJacobian ? JacobianFlow(cell, sizes) : nil
      return { index in
        let network = experiment.network(of: cell, seed: seeds[index])
        let curves = norms?.curves(network) ?? []
        let singular = jacobian?.curves(network)
        return measures.map { measure in
          switch measure {
          case .norm(let state): return curves[state]
          case .largestSingularValue: return singular?.largest ?? []
          case .smallestSingularValue: return singular?.smallest ?? []
          }
        }
      }
    }
  }

  /// Runs `count` pieces of work; each thread makes its own worker, and the number of threads changes no result.
  private func sideBySide<Result: Sendable>(
    _ count: Int, finished: @Sendable () -> Void = {}, _ worker: @Sendable () -> (Int) -> Result
  ) async throws -> [Result] {
    let threads = min(self.threads, max(1, count))
    return try await withoutActuallyEscaping(finished) { finished in
      try await withoutActuallyEscaping(worker) { worker in
        try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
          for thread in 0..<threads {
            group.addTask {
              let work = worker()
              var results: [(Int, Result)] = []
              for index in stride(from: thread, to: count, by: threads) {
                try Task.checkCancellation()
                results.append((index, work(index)))
                finished()
              }
              return results
            }
          }
          var all = [Result?](repeating: nil, count: count)
          for try await results in group {
            for (index, result) in results { all[index] = result }
          }
          return all.compactMap(\.self)
        }
      }
    }
  }
}
