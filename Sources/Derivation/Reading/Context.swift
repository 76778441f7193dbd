// Everything that a chain may refer to: the cell, the layout, the names that earlier lines gave.

import Diagnostics
import Formula
import Recurrence

/// The names that a learner gave, by name.
struct DefinitionTable {
  var all: [Definition] = []
  private var indices: [Name: Int] = [:]

  func index(of name: Name) -> Int? { indices[name] }

  mutating func add(_ definition: Definition) -> Int {
    indices[definition.name] = all.count
    all.append(definition)
    return all.count - 1
  }
}

/// What the names of a derivation mean.
final class Context {
  let cell: Cell
  let layout: JacobianLayout
  var definitions = DefinitionTable()
  /// The layer that is spoken of; nil where the sheet has none.
  var layer: Int?
  let lossName = Name(base: "L")
  let constants: [Name: Double]
  private let seen: [Name]?
  /// Whether the cell is the text's own.
  let hasOwnCell: Bool
  /// Whose derivative of a step's loss is given, beside what the loss is made of.
  private let free: [Name]
  private let targets: [Name: Target]
  /// For quantities whose errors in the text are those of arguments of functions, the arguments.
  private let shiftedErrors: [Name: Name]
  /// The names of the sheet, not those that a learner added.
  let sheetNodes: Set<Int>
  /// What immediate derivatives hold: of those names all but the pre-activations.
  let heldNodes: Set<Int>
  /// What the check of the text may still cost.
  let effort: Effort
  /// How deep the reading of shapes stands, through definitions too; the stack is finite.
  var depth = 0
  /// Definitions whose shape is being worked out; their shape is open meanwhile.
  private var open: Set<Int> = []

  /// - Parameters:
  ///   - added: names in the cell's equations that the sheet does not have.
  ///   - aliases: new names for names of the cell.
  ///   - isBatched: whether vectors stand for a batch; what the sheet says where it is nil.
  ///   - own: the text's own cell, where it is read by that.
  ///   - shiftedErrors: arguments of functions, whose errors the text writes with the names of these quantities.
  ///   - effort: what the check of the text may cost.
  init(
    _ cell: Cell, layout: JacobianLayout, added: Set<Name> = [], aliases: [Name: Name] = [:],
    isBatched: Bool? = nil, own: OwnReading? = nil, shiftedErrors: [Name: Name] = [:], effort: Effort = Effort()
  ) {
    self.shiftedErrors = shiftedErrors
    seen = own?.seen
    hasOwnCell = own != nil
    free = own?.free ?? []
    self.effort = effort
    self.cell = cell
    self.isBatched = isBatched ?? cell.declaration.batch
    sheetNodes = Set(cell.graph.named.filter { !added.contains($0.key) }.values)
    heldNodes = cell.graph.heldNodes(without: added)
    self.layout = layout
    constants = cell.constants
    var targets: [Name: Target] = [:]
    for (index, quantity) in cell.quantities.parameters.enumerated() { targets[quantity.name] = .parameter(index) }
    for (index, quantity) in cell.quantities.inputs.enumerated() { targets[quantity.name] = .input(index) }
    for (name, node) in cell.graph.named { targets[name] = .node(node) }
    for (name, other) in aliases { targets[name] = targets[other] }
    self.targets = targets
  }

  /// A derivative, of the argument of a function where the text writes its error with the name of the value.
  func meant(by derivative: Derivative) -> Derivative {
    guard derivative.isError, let argument = shiftedErrors[derivative.by.name] else { return derivative }
    return Derivative(
      of: derivative.of, by: Expression.Symbol(argument, times: derivative.by.times),
      isImmediate: derivative.isImmediate)
  }

  var isRows: Bool { cell.layout == .rows }
  /// Whether vectors stand for a batch of samples.
  let isBatched: Bool
  var isDenominator: Bool { layout == .denominator }

  func target(_ name: Name) -> Target? { targets[name] }

  /// The learner's definition of a name.
  func definition(of name: Name) -> Int? { definitions.index(of: name) }

  /// The names of what a derivative may be by.
  var quantityNames: [Name] { Array(targets.keys) }

  /// Every name that may be meant.
  var names: [Name] {
    Array(Set((Array(targets.keys) + Array(constants.keys) + definitions.all.map(\.name)).map(\.withoutLayer)))
  }

  func name(of target: Target) -> Name {
    switch target {
    case .parameter(let index): return cell.quantities.parameters[index].name
    case .input(let index): return cell.quantities.inputs[index].name
    case .node(let node): return cell.graph.named.filter { $0.value == node }.keys.min { $0.latex < $1.latex }!
    }
  }

  func isTimeLetter(_ letter: String) -> Bool {
    ["t", "T", "k", "s", "tau", "t'", "k'", "s'"].contains(letter) && targets[Name(base: letter)] == nil
  }

  /// Whether a bare name is a number, as an exponent must be.
  func isNumber(_ name: Name) -> Bool {
    name.label.isEmpty || constants[name] != nil || definition(of: name) != nil
  }

  func shape(of target: Target) -> Shape {
    switch target {
    case .parameter(let index): return cell.quantities.parameters[index].shape
    case .input(let index): return cell.quantities.inputs[index].shape
    case .node(let node): return cell.graph.nodes[node].shape
    }
  }

  /// The shape of a value as it lies for one sample, or for a batch where the sheet says so.
  func size(of target: Target) -> Size {
    let shape = shape(of: target)
    return Size(shape.batched(shape.isBatched && isBatched), cell.layout)
  }

  /// How many entries a vector has.
  func length(_ target: Target) -> Dimension {
    switch shape(of: target).axes {
    case .scalar: return Size.one
    case .vector(let length): return length
    case .matrix(let rows, _): return rows
    }
  }

  /// Whether gradients by this target lie transposed to it.
  func isFlipped(_ target: Target) -> Bool {
    guard layout == .numerator, !isRows, !isBatched, case .vector = shape(of: target).axes else { return false }
    return true
  }

  func gradientSize(_ target: Target) -> Size {
    let size = size(of: target)
    return isFlipped(target) ? size.transposed : size
  }

  /// The shape of a name that a learner gave; open while it is being worked out.
  func size(ofDefinition index: Int) throws(Diagnostic) -> Size {
    if let size = definitions.all[index].size { return size }
    guard open.insert(index).inserted else { return .open }
    defer { open.remove(index) }
    var size = Size.open
    for clause in definitions.all[index].clauses {
      if let other = clause.shapedAs.flatMap({ definitions.index(of: $0) }) {
        size = try self.size(ofDefinition: other)
        break
      }
      var elaborator = Elaborator(self, source: clause.source)
      let term = try elaborator.term(clause.body)
      size = size.merged(term.size) ?? size
      if size.isKnown { break }
    }
    if size == .open,
      definitions.all[index].clauses.allSatisfy({ if case .number = $0.body.kind { true } else { false } })
    {
      size = .scalar
    }
    if size.isKnown { definitions.all[index].size = size }
    return size
  }
}

extension Context {
  /// The nodes whose derivative of a step's loss is given.
  var givenNodes: [Int] { lossNodes + free.compactMap { cell.graph.named[$0] } }

  /// The nodes that the loss is made of: the outputs where there are any, else the state that is called h, else the first.
  var lossNodes: [Int] {
    if let seen { return seen.compactMap { cell.graph.named[$0] } }
    if let stack = cell.stack { return cell.graph.named[stack.state.inLayer(stack.layers)].map { [$0] } ?? [] }
    let quantities = cell.quantities
    if !quantities.outputs.isEmpty { return quantities.outputs.compactMap { cell.graph.named[$0.name] } }
    let state = quantities.states.first { $0.name == Name(base: "h") } ?? quantities.states.first
    return state.flatMap { cell.graph.named[$0.name] }.map { [$0] } ?? []
  }
}
