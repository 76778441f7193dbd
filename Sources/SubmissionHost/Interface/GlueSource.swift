// The part of a submission's program that nobody reads: the learner's types taken apart for the driver, and the main.

extension CellInterface {
  /// The Swift that joins the cell to the driver; compiled together with the submission, never shown.
  ///
  /// Functions with their types written out, because type inference is most of the compile time of such code.
  var glueSource: String {
    if let model { return model.glueSource }
    let sequence =
      hasSequence ? ",\n      forwardThroughTime: forwardThroughTime, backwardThroughTime: backwardThroughTime" : ""
    return """
      import CellKit
      import SubmissionMain

      func \(Self.conformanceProbe)<C: \(hasSequence ? "Unrolled" : "Cell")>(_ cell: C.Type) {}

      @main enum UnrollMain {
        static func main() {
          \(Self.conformanceProbe)(\(cellName).self)
          let counts = SubmissionMain.Program.Counts(
            inputs: \(inputs.count), states: \(states.count), outputs: \(allOutputs.count), parameters: \(parameters.count))
          let program = SubmissionMain.Program(
            counts: counts, forward: forward, backward: backward\(sequence))
          SubmissionMain.serve(program)
        }

        static func parameters(_ m: [CellKit.Matrix]) -> Parameters {
          return Parameters(\(arguments(parameters, of: "m")))
        }

        static func input(_ m: [CellKit.Matrix]) -> \(inputType) {
          return \(hasInputStruct ? "Input(\(arguments(inputs, of: "m")))" : "m[0]")
        }

        static func state(_ m: [CellKit.Matrix]) -> State {
          return State(\(arguments(states, of: "m")))
        }

        static func output(_ m: [CellKit.Matrix]) -> Output {
          return Output(\(arguments(allOutputs, of: "m")))
        }

        static func list(_ o: Output) -> [CellKit.Matrix] {
          return [\(list(allOutputs, of: "o"))]
        }

        static func list(input i: \(inputType)) -> [CellKit.Matrix] {
          return [\(hasInputStruct ? list(inputs, of: "i") : "i")]
        }

        static func forward(
          _ x: [CellKit.Matrix], _ s: [CellKit.Matrix], _ p: [CellKit.Matrix]
        ) -> ([CellKit.Matrix], Any) {
          let (o, cache): (Output, \(cellName).Cache) = \(cellName).forward(input(x), state(s), parameters(p))
          return (list(o), cache)
        }

        static func backward(
          _ u: [CellKit.Matrix], _ cache: Any, _ p: [CellKit.Matrix]
        ) -> SubmissionMain.Program.StepGradients {
          let g: Gradients = \(cellName).backward(output(u), cache as! \(cellName).Cache, parameters(p))
          return SubmissionMain.Program.StepGradients(
            inputs: list(input: g.\(inputName)), previous: [\(list(states, of: "g.previous"))],
            parameters: [\(list(parameters, of: "g"))])
        }
      \(hasSequence ? sequenceGlue : "")}

      """
  }

  private var sequenceGlue: String {
    """

      static func forwardThroughTime(
        _ x: [[CellKit.Matrix]], _ s: [CellKit.Matrix], _ p: [CellKit.Matrix]
      ) -> ([[CellKit.Matrix]], Any) {
        let xs: [\(inputType)] = x.map(input)
        let (o, tape): ([Output], \(cellName).Tape) = \(cellName).forwardThroughTime(xs, state(s), parameters(p))
        var outputs: [[CellKit.Matrix]] = []
        for step: Output in o { outputs.append(list(step)) }
        return (outputs, tape)
      }

      static func backwardThroughTime(
        _ u: [[CellKit.Matrix]], _ tape: Any, _ p: [CellKit.Matrix]
      ) -> SubmissionMain.Program.TimeGradients {
        let us: [Output] = u.map(output)
        let g: SequenceGradients = \(cellName).backwardThroughTime(us, tape as! \(cellName).Tape, parameters(p))
        var inputs: [[CellKit.Matrix]] = []
        for step: \(inputType) in g.\(inputName) { inputs.append(list(input: step)) }
        return SubmissionMain.Program.TimeGradients(
          inputs: inputs, initial: [\(list(states, of: "g.initial"))],
          parameters: [\(list(parameters, of: "g"))])
      }

    """
  }

  /// A name under which the glue asks for the conformance, by which its error is recognised.
  package static let conformanceProbe = "unrollTakes"

  private func arguments(_ blocks: [Block], of list: String) -> String {
    blocks.enumerated().map { "\($1.name): \(list)[\($0)]" }.joined(separator: ", ")
  }

  private func list(_ blocks: [Block], of value: String) -> String {
    blocks.map { "\(value).\(swiftName($0))" }.joined(separator: ", ")
  }
}
