// A listing to be repaired: each error of the compiler is a check, and the function around it must still compute.

import Diagnostics
import Sheets

extension Grader {
  /// The finding of one check where the compiler has refused the submission.
  ///
  /// An error of a listing counts as repaired when the compiler no longer says it. It must say nothing new either: an
  /// empty file has none of the listing's errors.
  func compilerFinding(_ block: AnswerBlock, _ task: Sheet.Task, _ diagnostics: [CompilerDiagnostic]) -> Finding {
    guard case .compilerError(let error) = block else { return .doesNotCompile(diagnostics) }
    let errors = diagnostics.filter { $0.severity == .error }
    let own = errors.filter { $0.message.contains(error.message.text) }
    let others = errors.filter { said in !task.errors.contains { said.message.contains($0.message.text) } }
    guard let cause = own.first ?? others.first else { return .agrees }
    return .doesNotCompile([cause] + diagnostics.filter { $0 != cause })
  }

  /// The calls that show whether a repaired listing still computes: each function twice, the second time with other
  /// parameters.
  func listingBatches(_ task: Sheet.Task, seed: UInt64) -> [Batch] {
    Sheet.Task.ListingError.Function.allCases.compactMap { function in
      guard task.errors.contains(where: { $0.function == function }),
        let draw = Draw.several(cell, seed: seed, hasTime: function.hasTime).first
      else { return nil }
      return Batch(
        task: task, kind: function.call, draws: [draw, draw.withOtherParameters(cell, seed: seed)], role: .listing)
    }
  }

  /// The finding of one check where the listing compiles: whether the answer of the function that held the error
  /// follows the parameters, block by block, wherever the reference does. Whether it is right is for other tasks to say.
  func listingFinding(_ block: AnswerBlock, _ batches: [Batch]) -> Finding {
    guard case .compilerError(let error) = block else { return .agrees }
    let idle = Finding.idle(function: error.function.rawValue)
    guard let batch = batches.first(where: { $0.kind == error.function.call }) else { return idle }
    if let failure = batch.failure { return .noAnswer(failure) }
    let answers = batch.outcomes.compactMap(\.answer)
    guard answers.count == 2 else { return idle }
    let follows = Self.blocks(of: error.function, in: cell).allSatisfy { item in
      expected(item.block, batch.draws[0]) == expected(item.block, batch.draws[1])
        || values(of: item.block, in: answers[0], batch.draws[0])
          != values(of: item.block, in: answers[1], batch.draws[1])
    }
    return follows ? .agrees : idle
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
