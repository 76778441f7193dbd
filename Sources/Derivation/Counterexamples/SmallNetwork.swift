// A network of fractions whose every number may be chosen: weights, inputs, states, gates, and the gradient of the loss.

import Formula
import Recurrence

/// The numbers that make a small network, in one row.
struct SmallNetwork {
  /// What some of the numbers are.
  enum Part: Hashable {
    case parameter(Int)
    case input(Int, step: Int)
    case initial(Int)
    /// The loss's own gradient by a node.
    case slope(Int, step: Int)
    /// The value of a function, which is chosen whatever its argument is.
    case function(Int, step: Int)
  }

  struct Place {
    let part: Part
    let rows: Int
    let columns: Int
    let start: Int

    var range: Range<Int> { start..<start + rows * columns }

    var isFunction: Bool { if case .function = part { true } else { false } }
  }

  /// How many steps are run past the last one that the loss sees.
  private static let beyond = 2

  let context: Context
  let sizes: Sizes
  /// The steps that the loss sees.
  let steps: Int
  let isLastOnly: Bool
  private(set) var places: [Place] = []
  /// The part and the function whose value each number is, where it is one.
  private(set) var functions: [Function?] = []

  /// - Parameter size: of every axis.
  init(_ context: Context, size: Int, batch: Int, steps: Int, isLastOnly: Bool) {
    self.context = context
    self.steps = steps
    self.isLastOnly = isLastOnly
    let cell = context.cell
    var letters = cell.declaration.sizes.mapValues { _ in size }
    letters["N"] = batch
    let sizes = Sizes(letters, steps: steps + Self.beyond)
    self.sizes = sizes
    var count = 0
    var places: [Place] = []
    var functions: [Function?] = []
    func add(_ part: Part, _ shape: Shape, _ function: Function? = nil) {
      let (rows, columns) = sizes.storage(shape, cell.layout)
      places.append(Place(part: part, rows: rows, columns: columns, start: count))
      count += rows * columns
      functions += [Function?](repeating: function, count: rows * columns)
    }
    for (index, quantity) in cell.quantities.parameters.enumerated() { add(.parameter(index), quantity.shape) }
    for (index, quantity) in cell.quantities.states.enumerated() { add(.initial(index), quantity.shape) }
    for step in 1...sizes.steps {
      for (index, quantity) in cell.quantities.inputs.enumerated() { add(.input(index, step: step), quantity.shape) }
      for (index, node) in cell.graph.nodes.enumerated() {
        guard case .function(let function) = node.operation, function.chosenValues != nil else { continue }
        add(.function(index, step: step), node.shape, function)
      }
      guard step <= steps, !isLastOnly || step == steps else { continue }
      for node in context.lossNodes { add(.slope(node, step: step), cell.graph.nodes[node].shape) }
    }
    self.places = places
    self.functions = functions
  }

  var count: Int { functions.count }

  /// The network with given numbers.
  func world(_ numbers: [Fraction]) -> WorldOf<Fraction> {
    let cell = context.cell
    func grid(_ place: Place) -> Grid<Fraction> {
      Grid(rows: place.rows, columns: place.columns, elements: Array(numbers[place.range]))
    }
    var leaves = Leaves<Fraction>(
      parameters: [], inputs: cell.quantities.inputs.map { _ in [] }, initial: [])
    var chosen: [Int: [Grid<Fraction>]] = [:]
    var slopes: [Int: [(slope: [Fraction], curvature: [Fraction])]] = [:]
    for place in places {
      switch place.part {
      case .parameter: leaves.parameters.append(grid(place))
      case .initial: leaves.initial.append(grid(place))
      case .input(let index, _): leaves.inputs[index].append(grid(place))
      case .function(let node, _): chosen[node, default: []].append(grid(place))
      case .slope(let node, _):
        let entries = Array(numbers[place.range])
        let none = [Fraction](repeating: .zero, count: entries.count)
        // Steps before the last one have no loss where the last one alone has any; nothing reads these.
        if isLastOnly {
          slopes[node] = [(slope: [Fraction], curvature: [Fraction])](repeating: (none, none), count: steps - 1)
        }
        slopes[node, default: []].append((slope: entries, curvature: none))
      }
    }
    let meaning = FractionFunctions(key: 1)
    let truth = TapeOf(cell, sizes: sizes, leaves, chosen: chosen, meaning)
    for place in places {
      guard case .function(let node, let step) = place.part,
        case .function(let function) = cell.graph.nodes[node].operation
      else { continue }
      let argument = truth.value(cell.graph.nodes[node].operands[0], at: step).elements
      for (entry, value) in numbers[place.range].enumerated() {
        meaning.choose(value, for: function, at: argument[entry])
      }
    }
    return WorldOf(context, truth, leaves, steps: steps, slopes: slopes, isLastOnly: isLastOnly)
  }
}
