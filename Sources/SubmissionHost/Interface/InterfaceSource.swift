// Interface.swift: the types and protocols that a learner writes against, made from the sheet.

import Recurrence

extension CellInterface {
  /// The Swift that a learner sees as `Interface.swift`; it is compiled together with the submission.
  public var interfaceSource: String {
    if let model { return model.interfaceSource }
    var parts = [header, stateSource]
    if hasInputStruct { parts.append(inputSource) }
    parts += [outputSource, parametersSource, gradientsSource]
    if hasSequence { parts.append(sequenceGradientsSource) }
    parts.append(cellSource)
    if hasSequence { parts.append(unrolledSource) }
    if !constants.isEmpty { parts.append(constantsSource) }
    parts.append(Self.softmaxSource(layout))
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var header: String {
    """
    // What the cell \(cellName) takes and gives, made from the exercise's sheet. Read it, write in Cell.swift:
    // unroll compiles its own copy of this file, so a change here has no effect on the grade.
    //
    // \(layout == .columns ? "A sample is a column" : "A sample is a row"); N is the number of samples in the batch.

    import CellKit
    """
  }

  private var stateSource: String {
    """
    /// What a step hands to the next.
    struct State {
    \(members(states) { "`\($0.symbol)`: \($0.batchShape(layout))" })
    }
    """
  }

  private var inputSource: String {
    """
    /// What arrives at a step.
    struct Input {
    \(members(inputs) { "`\($0.symbol)`: \($0.batchShape(layout))" })
    }
    """
  }

  private var outputSource: String {
    if outputs.isEmpty {
      return """
        /// What a step computes: its states.
        typealias Output = State
        """
    }
    let values = states.map { "\($0.name): \(swiftName($0))" }.joined(separator: ", ")
    return """
      /// What a step computes: its states, and what goes out of the cell.
      struct Output {
      \(members(allOutputs) { "`\($0.symbol)`: \($0.batchShape(layout))" })

        /// The part that is handed to the next step.
        var state: State { State(\(values)) }
      }
      """
  }

  private var parametersSource: String {
    """
    /// What is learned, shared by all steps.
    struct Parameters {
    \(members(parameters) { "`\($0.symbol)`: \($0.parameterShape(layout))" })
    }
    """
  }

  private var gradientsSource: String {
    """
    /// The gradients of the loss by everything that went into one step; each has the shape of what it belongs to.
    ///
    /// `Gradients()` starts with every block not set. Fill in one at a time: a block that is right earns its points.
    struct Gradients {
    \(inputGradient)
      /// By the states of the step before.
      var previous = \(unsetState)
    \(members(parameters, value: " = .notSet") { "By `\($0.symbol)`: \($0.parameterShape(layout))" })
    }
    """
  }

  private var inputGradient: String {
    if hasInputStruct {
      let values = inputs.map { "\($0.name): .notSet" }.joined(separator: ", ")
      return """
          /// By the inputs of the step.
          var input = Input(\(values))
        """
    }
    return members(inputs, value: " = .notSet") { "By `\($0.symbol)`: \($0.batchShape(layout))" }
  }

  private var unsetState: String {
    "State(" + states.map { "\($0.name): .notSet" }.joined(separator: ", ") + ")"
  }

  private var sequenceGradientsSource: String {
    """
    /// The gradients of the loss by everything that went into a whole sequence.
    struct SequenceGradients {
      /// By the input of each step, the first step first.
      var \(inputName): [\(inputType)] = []
      /// By the states before the first step.
      var initial = \(unsetState)
    \(members(parameters, value: " = .notSet") { "By `\($0.symbol)`, over all steps: \($0.parameterShape(layout))" })
    }
    """
  }

  private var cellSource: String {
    let upstream = allOutputs.map { "`upstream.\($0.name)`" }.joined(separator: ", ")
    return """
      /// One step of the cell, and its reverse.
      protocol Cell {
        /// What the forward step keeps for the backward step; yours to choose.
        associatedtype Cache

        /// Computes one step.
        \(requirements[0].declaration)

        /// Computes the gradients of one step.
        ///
        /// \(upstream): the gradient of the loss that reaches each output from
        /// outside this step (its own loss and the next step). Paths between outputs inside the step are yours to add.
        \(requirements[1].declaration)
      }
      """
  }

  private var unrolledSource: String {
    """
    /// The cell over a whole sequence, and its reverse. Index 0 is the first step.
    protocol Unrolled: Cell {
      /// What the forward pass keeps for the backward pass; yours to choose.
      associatedtype Tape

      /// Computes all steps from the initial state.
      \(requirements[2].declaration)

      /// Computes the gradients of the whole sequence; `upstream[t]` is the gradient of step t's own loss.
      \(requirements[3].declaration)
    }
    """
  }

  private var constantsSource: String {
    let lines = constants.map { "  static let \(Self.escaped($0.name)): Double = \($0.value)" }
    return """
      /// The constants of the sheet.
      enum Constants {
      \(lines.joined(separator: "\n"))
      }
      """
  }

  static func softmaxSource(_ layout: Layout) -> String {
    let (word, function) = layout == .columns ? ("column", "softmaxOfColumns") : ("row", "softmaxOfRows")
    return """
      /// The softmax over the features of each sample, that is of each \(word).
      func softmax(_ a: Matrix) -> Matrix { \(function)(a) }
      """
  }

  private func members(_ blocks: [Block], value: String = "", comment: (Block) -> String) -> String {
    blocks.map { "  /// \(comment($0))\n  var \(swiftName($0)): Matrix\(value)" }.joined(separator: "\n")
  }
}
