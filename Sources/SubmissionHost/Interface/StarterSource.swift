// What `unroll start` puts into a learner's folder: a Cell.swift that compiles as it is, and a package for the editor.

import Recurrence

extension CellInterface {
  /// The file that the learner fills in; it compiles, and every check says what is not written yet.
  public var starterSource: String { model?.starterSource ?? cellStarterSource }

  private var cellStarterSource: String {
    """
    // \(cellName): write the forward step, then the gradients. Interface.swift shows the types and their shapes.
    //
    //   a * b    matrix product             a .* b   product by element     a.T   transpose
    //   a + b    sum; a bias is spread      tanh(a), sigmoid(a), exp(a), 1 - a, 2 .* a
    //   sumOverRows(), sumOverColumns(), \(layout == .columns ? "splitRows(4), Matrix.stacked(a, b)" : "splitColumns(4), Matrix.beside(a, b)"), a[0, 1]
    //   print(a) shows the shape and the entries; the report shows what you print.
    //
    // Replace a todo whenever you are ready: what is written is checked, what is not costs only its own points.

    import CellKit

    struct \(cellName): \(hasSequence ? "Unrolled" : "Cell") {
      // What forward computed and backward will need again.
      struct Cache {
        var \(inputName): \(inputType)
        var previous: State
      }

      \(requirements[0].declaration) {
    \(shapeComment)
        // return (Output(\(allOutputs.map { "\($0.name): \(swiftName($0))" }.joined(separator: ", "))), Cache(\(inputName): \(inputName), previous: previous))
        todo("forward")
      }

      \(requirements[1].declaration) {
        // \(upstreamComment)
        // var g = Gradients()
        // g.\(swiftName(parameters.first ?? states[0])) = …
        // return g
        todo("backward")
      }
    \(hasSequence ? sequenceStarter : "")}

    """
  }

  /// The file in which a learner writes a recurrence of their own, with the sheet's types.
  public var remedyStarterSource: String {
    """
    // \(cellName): a recurrence of your own, with the state and the parameters of Interface.swift. No equations are
    // given, so nothing is compared with them: unroll runs it and measures, and holds backward against forward.
    //
    // It stands beside your cell in the same folder and is checked by itself: a slip here costs nothing there.

    import CellKit

    struct \(cellName): Cell {
      // What forward computed and backward will need again.
      struct Cache {
        var \(inputName): \(inputType)
        var previous: State
      }

      \(requirements[0].declaration) {
        todo("forward")
      }

      \(requirements[1].declaration) {
        // The gradients of this forward, whatever it is; every block of Gradients() belongs to it.
        todo("backward")
      }
    }

    """
  }

  private var upstreamComment: String {
    let names = allOutputs.map { "upstream.\($0.name)" }.joined(separator: ", ")
    return "\(names): the gradient that reaches each output from outside this step."
  }

  private var shapeComment: String {
    "    // " + allOutputs.map { "\($0.name): \($0.batchShape(layout))" }.joined(separator: ", ")
      + ", as the sheet's equations have it."
  }

  private var sequenceStarter: String {
    """

      // What the steps kept, for the way back.
      typealias Tape = [Cache]

      \(requirements[2].declaration) {
        // \(inputName)[0] is the first step's input; each step's state is the next one's previous.
        todo("forwardThroughTime")
      }

      \(requirements[3].declaration) {
        // From the last step to the first: what arrives from step t + 1 is added to upstream[t]; parameters add up.
        todo("backwardThroughTime")
      }

    """
  }

  /// A Package.swift by which an editor knows the types; grading does not use it.
  ///
  /// - Parameter kitFolder: where CellKit's sources lie, as a path below the learner's folder.
  public static func editorPackage(kitFolder: String = "CellKit") -> String {
    """
    // swift-tools-version: 6.1
    // For your editor, so that it knows Matrix and shows errors while you type. unroll does not read this file.
    import PackageDescription

    let package = Package(
      name: "Submission",
      targets: [
        .target(name: "CellKit", path: "\(kitFolder)"),
        .target(
          name: "Submission", dependencies: ["CellKit"], path: ".", exclude: ["derivation.md", "\(kitFolder)"]),
      ],
      swiftLanguageModes: [.v5]
    )

    """
  }
}
