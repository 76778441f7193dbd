// What a learner's cell takes and gives: the quantities of a sheet under their Swift names.

public import Recurrence

/// The inputs, states, outputs and parameters of a cell, from which all Swift of a submission is generated.
public struct CellInterface: Sendable, Equatable {
  /// A quantity of the cell.
  public struct Block: Sendable, Equatable {
    /// Its name in Swift, such as `Wf`.
    public var name: String
    /// Its symbol in LaTeX, such as `W_f`.
    public var symbol: String
    /// Its axes as the sheet has them: `["H", "D"]`, `["4H"]`, `[]` for a scalar; the batch is not among them.
    public var axes: [String]

    /// A quantity by name, symbol and axes.
    public init(name: String, symbol: String, axes: [String]) {
      self.name = name
      self.symbol = symbol
      self.axes = axes
    }
  }

  /// A number with a name.
  public struct Constant: Sendable, Equatable {
    /// Its name in Swift.
    public var name: String
    /// Its value.
    public var value: Double

    /// A number under a name.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The name of the type that a learner writes, such as `LSTM`.
  public var cellName: String
  /// How a sample lies in a matrix.
  public var layout: Layout
  /// What arrives at each step.
  public var inputs: [Block]
  /// What a step hands to the next.
  public var states: [Block]
  /// What a step computes beyond its states.
  public var outputs: [Block]
  /// What is learned, shared by all steps.
  public var parameters: [Block]
  /// Numbers with a name.
  public var constants: [Constant]
  /// Whether a task asks for the learner's own passes through time.
  public var hasSequence: Bool
  /// The model around the cell, where the tasks ask for one: then it is what the learner writes.
  public var model: ModelInterface?

  /// A cell by its quantities.
  public init(
    cellName: String, layout: Layout, inputs: [Block], states: [Block], outputs: [Block] = [], parameters: [Block],
    constants: [Constant] = [], hasSequence: Bool = false, model: ModelInterface? = nil
  ) {
    self.cellName = cellName
    self.layout = layout
    self.inputs = inputs
    self.states = states
    self.outputs = outputs
    self.parameters = parameters
    self.constants = constants
    self.hasSequence = hasSequence
    self.model = model
  }

  /// Names that the generated Swift needs for itself; a sheet's quantity called so cannot be told from them.
  public static let reservedNames: Set<String> = ["previous", "initial", "input", "state"]
}

extension CellInterface {
  /// The protocol that the learner's type conforms to.
  var protocolName: String { model != nil ? "Model" : hasSequence ? "Unrolled" : "Cell" }

  /// Everything that a step computes: the states, then the further outputs.
  var allOutputs: [Block] { states + outputs }

  /// Whether the inputs come as a struct `Input`.
  var hasInputStruct: Bool { inputs.count != 1 }

  /// The type of what arrives at a step.
  var inputType: String { hasInputStruct ? "Input" : "Matrix" }

  /// What a step's input is called: its own name if there is one, else `input`.
  var inputName: String { hasInputStruct ? "input" : swiftName(inputs[0]) }

  /// The functions that a learner writes, as the protocols declare them.
  package var requirements: [(name: String, declaration: String)] {
    if let model { return model.requirements }
    let step = [
      (
        "forward",
        "static func forward(_ \(inputName): \(inputType), _ previous: State, _ p: Parameters) -> (Output, Cache)"
      ),
      ("backward", "static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients"),
    ]
    let time = [
      (
        "forwardThroughTime",
        "static func forwardThroughTime(_ \(inputName): [\(inputType)], _ initial: State, _ p: Parameters) -> ([Output], Tape)"
      ),
      (
        "backwardThroughTime",
        "static func backwardThroughTime(_ upstream: [Output], _ tape: Tape, _ p: Parameters) -> SequenceGradients"
      ),
    ]
    return hasSequence ? step + time : step
  }

  /// The name as Swift source has it: in backticks where it is a keyword.
  func swiftName(_ block: Block) -> String { Self.escaped(block.name) }

  package static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  private static let keywords: Set<String> = [
    "Any", "as", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum",
    "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout",
    "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat",
    "rethrows",
    "return", "self", "Self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while",
  ]
}
