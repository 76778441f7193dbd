// Who computes the gradients of an experiment: the reference here, a submission's process elsewhere.

public import CellKit
public import Recurrence

/// Something that runs a cell forward and backward and tells the gradient by every state at every step.
public protocol CellRunner: Sendable {
  /// The total gradient by each state at the steps 0…T, for each case.
  ///
  /// - Throws: why the cell could not be run, in words for its author.
  func stateGradients(_ cases: [Case], of cell: Cell, sizes: Sizes) async throws -> [[[Matrix]]]
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
    let threads = min(self.threads, max(1, cases.count))
    return try await withThrowingTaskGroup(of: [(Int, [[Matrix]])].self) { group in
      for thread in 0..<threads {
        group.addTask {
          let recurrence = Recurrence(cell, sizes: sizes)
          var results: [(Int, [[Matrix]])] = []
          for index in stride(from: thread, to: cases.count, by: threads) {
            try Task.checkCancellation()
            recurrence.forward(cases[index])
            results.append((index, recurrence.backward(cases[index].upstream, recordsStates: true).states))
          }
          return results
        }
      }
      var all = [[[Matrix]]](repeating: [], count: cases.count)
      for try await results in group {
        for (index, states) in results { all[index] = states }
      }
      return all
    }
  }
}
