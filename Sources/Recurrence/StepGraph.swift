// One step of a cell as a graph: nodes forward, contributions backward.
//
// The graph of T steps is this one, T times, joined where a state reaches the next step. Everything that is ever asked
// of a cell (values, gradients, Jacobians, faults) is a walk over these two lists.

public import Formula

/// What a node computes from its operands.
public enum Operation: Sendable, Hashable {
  // Leaves.
  case parameter(Int)
  case input(Int)
  /// A state as the step before left it.
  case previous(Int)
  case constant(Double)
  // By element, on operands of one shape.
  /// scale · a + shift
  case affine(scale: Double, shift: Double)
  case add, subtract, hadamard, divide, maximum, minimum
  case function(Function)
  case power(Double)
  // Between shapes.
  /// One value for all samples, or one number for all entries, written out to a larger shape.
  case spread
  /// The matrix product, either operand transposed first.
  case product(leftTransposed: Bool, rightTransposed: Bool)
  case transpose
  /// A vector as a diagonal matrix.
  case diagonal
  case softmax
  /// The softmax of a feature over the samples: no sheet has it, and some people do.
  case softmaxOverBatch
  /// The sum of a sample's features.
  case featureSum
  /// Vectors end to end.
  case join
  /// The part `index` of `count` equal ones.
  case slice(index: Int, count: Int)
  /// The value of the first matrix beside, or on top of, the others.
  case stack(beside: Bool)
  /// The value, with no gradient through it.
  case stop
}

extension Operation {
  /// Whether it treats every entry by itself, on operands of one shape.
  package var isByElement: Bool {
    switch self {
    case .affine, .add, .subtract, .hadamard, .divide, .maximum, .minimum, .power, .stop: true
    case .function(let function): function.isElementwise
    default: false
    }
  }
}

/// One value of a step.
public struct Node: Sendable {
  /// What it computes.
  public let operation: Operation
  /// From which nodes; always earlier ones.
  public let operands: [Int]
  /// What it is.
  public let shape: Shape
  /// Where the sheet says so.
  public let range: Range<Int>

  package init(operation: Operation, operands: [Int], shape: Shape, range: Range<Int>) {
    self.operation = operation
    self.operands = operands
    self.shape = shape
    self.range = range
  }
}

/// One edge of the reverse pass: `adjoint(target) += pullback(edge, adjoint(source))`.
public struct Contribution: Sendable, Hashable {
  /// The node whose adjoint is known.
  public let source: Int
  /// Which of its operands is meant.
  public let operand: Int
  /// The node whose adjoint grows.
  public let target: Int
}

/// The graph of one step.
public struct StepGraph: Sendable {
  /// Values in an order in which they can be computed.
  public package(set) var nodes: [Node] = []
  /// Edges in an order in which gradients can flow back.
  public package(set) var contributions: [Contribution] = []
  /// The node of each parameter, of each input, and of each state of the step before; nil where none is used.
  public package(set) var parameters: [Int?] = []
  public package(set) var inputs: [Int?] = []
  public package(set) var previous: [Int?] = []
  /// The node of each state and output that the step computes.
  public package(set) var results: [Int] = []
  /// The node of every name that an equation defines.
  public package(set) var named: [Name: Int] = [:]

  package init() {}

  /// Lists the edges: from late nodes to early ones, and only where something can be learned from them.
  package mutating func listContributions() {
    var isVariable = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      switch node.operation {
      case .parameter, .input, .previous: isVariable[index] = true
      case .constant, .stop: break
      default: isVariable[index] = node.operands.contains { isVariable[$0] }
      }
    }
    contributions = nodes.indices.reversed().flatMap { source in
      nodes[source].operands.enumerated().compactMap { operand, target in
        isVariable[source] && isVariable[target]
          ? Contribution(source: source, operand: operand, target: target) : nil
      }
    }
  }
}

extension StepGraph {
  /// The nodes at which an immediate derivative stops: gates, candidates, states and outputs.
  ///
  /// A pre-activation, that is a name which is no result and whose only use is as the argument of one function, counts as
  /// part of the equation that applies the function. So a cell that names it and one that does not have the same
  /// immediate derivatives.
  ///
  /// - Parameter added: names that are not the sheet's own and hold nothing.
  public func heldNodes(without added: Set<Name> = []) -> Set<Int> {
    var uses: [Int: [Operation]] = [:]
    for node in nodes { for operand in node.operands { uses[operand, default: []].append(node.operation) } }
    func isPreActivation(_ node: Int) -> Bool {
      guard !results.contains(node), let all = uses[node], all.count == 1 else { return false }
      switch all[0] {
      case .function, .softmax: return true
      default: return false
      }
    }
    return Set(named.filter { !added.contains($0.key) && !isPreActivation($0.value) }.values)
  }
}
