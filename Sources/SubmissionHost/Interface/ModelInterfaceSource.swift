// Interface.swift of a model: the types and the protocol that a learner writes against.

import Recurrence

extension ModelInterface {
  /// The Swift that a learner sees as `Interface.swift`; it is compiled together with the submission.
  var interfaceSource: String {
    [
      header, batchSource, blocksSource("Parameters", "What is learned."), blocksSource("Gradients", nil), outputSource,
      protocolSource, CellInterface.softmaxSource(layout),
    ].joined(separator: "\n\n") + "\n"
  }

  private var header: String {
    """
    // What the model \(name) takes and gives, made from the exercise's sheet. Read it, write in Cell.swift:
    // unroll compiles its own copy of this file, so a change here has no effect on the grade.
    //
    // \(layout == .columns ? "A sample is a column" : "A sample is a row"); N is the number of sequences in a batch. In a list over time, index 0 is the first step.

    import CellKit
    """
  }

  private var batchSource: String {
    let about = start.map {
      "  /// `\($0.symbol)`, what each sequence is about: \($0.batchShape(layout))\n  var \(CellInterface.escaped($0.name)): Matrix\n"
    }.joined()
    return """
      /// Sequences that are computed together.
      struct Batch {
      \(about)  /// `\(word.symbol)` of each step, one-hot: \(word.batchShape(layout))
        var \(CellInterface.escaped(word.name)): [Matrix]
        /// `\(target.symbol)` of each step, the one that should follow, one-hot: \(target.batchShape(layout))
        var \(CellInterface.escaped(target.name)): [Matrix]
        /// `\(mask.symbol)` of each step, 1 where the target counts and 0 in the padding: \(mask.batchShape(layout))
        var \(CellInterface.escaped(mask.name)): [Matrix]
      }
      """
  }

  /// `Parameters`, or `Gradients` with blocks that start unset; both with a list for the optimiser.
  private func blocksSource(_ type: String, _ comment: String?) -> String {
    let isGradient = comment == nil
    let members = parameters.map { block in
      let words = isGradient ? "By `\(block.symbol)`" : "`\(block.symbol)`"
      let value = isGradient ? " = .notSet" : ""
      let shape = block.parameterShape(layout)
      return "  /// \(words): \(shape)\n  var \(CellInterface.escaped(block.name)): Matrix\(value)"
    }
    let names = parameters.map { CellInterface.escaped($0.name) }
    let gradientComment = """
      The gradients of the loss with respect to every parameter, each with the shape of its parameter.
      ///
      /// `Gradients()` starts with every block not set. Fill in one at a time: a block that is right earns its points.
      """
    return """
      /// \(comment ?? gradientComment)
      struct \(type) {
      \(members.joined(separator: "\n"))

        /// All blocks in this order, as `Adam` takes them.
        var blocks: [Matrix] {
          get { [\(names.joined(separator: ", "))] }
          set {
            \(names.enumerated().map { "\($1) = newValue[\($0)]" }.joined(separator: "\n      "))
          }
        }
      }
      """
  }

  private var outputSource: String {
    let members = results.map {
      "  /// `\($0.symbol)` of each step: \($0.batchShape(layout))\n  var \(CellInterface.escaped($0.name)): [Matrix] = []"
    }
    return """
      /// What the forward pass gives. `Output()` starts empty; what is left out is reported as not set.
      struct Output {
      \(members.joined(separator: "\n"))
        /// The loss of the whole batch.
        var loss: Double?
      }
      """
  }

  private var protocolSource: String {
    let comments = [
      "forward": "Computes a batch, and keeps what you choose for the backward pass.",
      "backward": "Computes the gradients of the loss with respect to all parameters.",
      "clip(_:to:)":
        "Returns the gradients, scaled down to the norm `limit` if theirs is larger, and the norm that they had.",
      "train": "Trains on the data, beginning with the given parameters, and returns the trained ones.",
    ]
    let sampling = [
      self.sampling == .greedy
        ? "Writes `steps` words after `first`, each time the likeliest, one-hot."
        : "Draws what comes next, one-hot, for each entry of `random`, from `first` on; an entry has a number for each sequence."
    ]
    let functions = requirements.map { "  /// \(comments[$0.name] ?? sampling[0])\n  \($0.declaration)" }
    return """
      /// The functions that you write.
      protocol Model {
        /// What the forward pass keeps for the backward pass; yours to choose.
        associatedtype Tape

      \(functions.joined(separator: "\n\n"))
      }
      """
  }
}
