// A listing to be repaired: each error of the compiler is a check, and the function around it must still compute.

import Diagnosis
import Diagnostics
package import Sheets
package import SubmissionHost
import Wire

extension Judge {
  /// The finding of one check where the compiler has refused the submission.
  ///
  /// An error of a listing counts as repaired when the compiler no longer says it. It must say nothing new either: an
  /// empty file has none of the listing's errors. And the listing must still be there.
  func compilerFinding(
    _ subject: CheckSubject, _ task: Sheet.Task, _ diagnostics: [CompilerDiagnostic], lost: Set<Listing.Function>
  ) -> Finding {
    guard case .compilerError(let error) = subject else { return .doesNotCompile(diagnostics) }
    let errors = diagnostics.filter { $0.severity == .error }
    let own = errors.filter(error.isSaid(by:))
    let others = errors.filter { said in !task.errors.contains { $0.isSaid(by: said) } }
    if let cause = own.first ?? others.first { return .doesNotCompile([cause] + diagnostics.filter { $0 != cause }) }
    return Self.removed(lost, error) ?? .agrees
  }

  /// The calls that show whether a repaired listing still computes: each function twice, the second time with other
  /// parameters.
  func listingBatches(_ task: Sheet.Task, seed: UInt64) -> [Batch] {
    Listing.Function.allCases.compactMap { function in
      guard interface.hasSequence || !function.hasTime,
        let draw = Draw.several(cell, seed: seed, hasTime: function.hasTime).first
      else { return nil }
      return Batch(
        task: task, kind: function.call, draws: [draw, draw.withOtherParameters(cell, seed: seed)], role: .listing)
    }
  }

  /// The finding of one check where the listing compiles: whether all of its functions are still there, and whether the
  /// answer of the one that held the error follows the parameters, block by block, wherever the reference does. Whether
  /// it is right is for other tasks to say.
  func listingFinding(_ subject: CheckSubject, _ batches: [Batch], lost: Set<Listing.Function>) -> Finding {
    guard case .compilerError(let error) = subject else { return .agrees }
    let idle = Finding.idle(function: error.function.rawValue)
    guard let batch = batches.first(where: { $0.kind == error.function.call }) else { return idle }
    if let failure = batch.failure { return .noAnswer(failure) }
    let answers = batch.outcomes.compactMap(\.answer)
    guard answers.count == 2 else { return idle }
    let follows = Self.blocks(of: error.function, in: cell).allSatisfy { item in
      guard let block = item.subject.address else { return true }
      return expected(block, batch.draws[0]) == expected(block, batch.draws[1])
        || values(of: block, in: answers[0], batch.draws[0]) != values(of: block, in: answers[1], batch.draws[1])
    }
    guard follows else { return idle }
    return Self.removed(lost, error) ?? .agrees
  }

  /// Of the functions that a submission has lost, those that it has not got right in other words.
  package func wrong(_ lost: Set<Listing.Function>, _ batches: [Batch]) -> Set<Listing.Function> {
    lost.filter { function in
      guard let batch = batches.first(where: { $0.role == .listing && $0.kind == function.call }) else { return true }
      return !Self.blocks(of: function, in: cell).compactMap(\.subject.address).allSatisfy {
        finding(batch, $0) == .agrees
      }
    }
  }

  /// What is said of a check whose listing has lost functions: its own first.
  private static func removed(_ lost: Set<Listing.Function>, _ error: Sheet.Task.ListingError) -> Finding? {
    let function =
      lost.contains(error.function) ? error.function : Listing.Function.allCases.first(where: lost.contains)
    return function.map { .removed(function: $0.rawValue) }
  }
}

extension Sheet.Task.ListingError {
  /// Whether a diagnostic of the compiler is this error.
  package func isSaid(by diagnostic: CompilerDiagnostic) -> Bool {
    guard let identifier else { return diagnostic.message.contains(message.text) }
    return diagnostic.identifier == identifier && (word == nil || diagnostic.word == word)
  }
}

extension Sheet.Task {
  /// The functions of a listing that the task looks at through a few of their blocks; a cell that computes these and no
  /// others is no listing repaired.
  package func function(among lost: Set<Listing.Function>) -> Listing.Function? {
    guard !held.isEmpty else { return nil }
    let called: [Listing.Function] =
      switch kind {
      case .forward: [.forward]
      case .backward: [.forward, .backward]
      case .sequence: Listing.Function.allCases
      default: []
      }
    return called.first(where: lost.contains)
  }
}

extension Sheet.Task.ListingError.Function {
  /// The call that runs it.
  var call: Call.Kind {
    switch self {
    case .forward: .forward
    case .backward: .backward
    case .forwardThroughTime: .forwardThroughTime
    case .backwardThroughTime: .backwardThroughTime
    }
  }
}
