// Every fault of the way forward: each operator at each node that it fits, and at all nodes of a kind.

import Formula
public import Recurrence

extension Cell {
  /// Every fault of the equations of a step.
  public var forwardFaults: [ForwardFault] {
    var list = ForwardFaultList(cell: self)
    list.fill()
    return list.all.withDistinctIds(in: self) { fault in
      // Made at the same places, two faults differ in what they leave out at each.
      fault.firstOperand.map { "<" + self.display(of: $0).swift }
    }
  }
}

/// Collects the forward faults of a cell.
struct ForwardFaultList {
  let cell: Cell
  var all: [ForwardFault] = []
  /// Faults that make one fault together: one kind of mistake at every place of its kind.
  private var orbits: [String: [ForwardFault]] = [:]
  var graph: StepGraph { cell.graph }

  init(cell: Cell) {
    self.cell = cell
  }

  mutating func fill() {
    for index in graph.nodes.indices { addFaults(at: index) }
    addExchanges()
    addPartOrders()
    for (_, faults) in orbits.sorted(by: { $0.key < $1.key }) where faults.count > 1 {
      var changes: [Int: Replacement] = [:]
      for fault in faults { changes.merge(fault.changes) { first, _ in first } }
      let operands = Set(faults.map(\.operand))
      var everywhere = ForwardFault(
        slip: faults[0].slip, places: faults.flatMap(\.places), operand: operands.count == 1 ? faults[0].operand : nil,
        standIn: faults[0].standIn, detail: faults[0].detail, changes: changes, added: [])
      everywhere.firstOperand = faults[0].operand
      all.append(everywhere)
    }
  }

  mutating func add(
    _ slip: ForwardFault.Slip, _ place: Int, operand: Int? = nil, standIn: Int? = nil, detail: String = "",
    orbit: String? = nil, adding added: [Node] = [], _ changes: [Int: Replacement]
  ) {
    let fault = ForwardFault(
      slip: slip, places: [place], operand: operand, standIn: standIn, detail: detail, changes: changes, added: added)
    all.append(fault)
    if let orbit { orbits["\(slip.name) \(orbit) \(detail)", default: []].append(fault) }
  }

  /// A node that only hands on another one.
  private func copy(_ node: Int, scale: Double = 1) -> Replacement {
    Replacement(operation: .affine(scale: scale, shift: 0), operands: [node])
  }

  func shape(_ node: Int) -> Shape { graph.nodes[node].shape }

  // MARK: At one node

  private mutating func addFaults(at index: Int) {
    let node = graph.nodes[index]
    let operands = node.operands
    switch node.operation {
    case .function(let function): addFunction(function, index)
    case .softmax:
      add(.functionMissing, index, [index: copy(operands[0])])
      add(
        .otherFunction, index, detail: Function.sigmoid.rawValue,
        [index: Replacement(operation: .function(.sigmoid), operands: operands)])
      add(.softmaxOverBatch, index, [index: Replacement(operation: .softmaxOverBatch, operands: operands)])
      addMoves(ofParenthesisAt: index)
    case .hadamard:
      for position in 0...1 {
        add(
          .factorMissing, index, operand: operands[position], orbit: kind(operands[position]),
          [index: copy(operands[1 - position])])
      }
      addMoves(ofProductByElement: index)
      addCoupled(index)
    case .add, .subtract:
      let isSum = node.operation == .add
      for position in 0...1 {
        let rest = copy(operands[1 - position], scale: position == 0 && !isSum ? -1 : 1)
        if isSum, graph.nodes[operands[position]].operation != .add {
          let twice = Node(
            operation: .affine(scale: 2, shift: 0), operands: [operands[position]], shape: node.shape,
            range: graph.nodes[operands[position]].range)
          var both = operands
          both[position] = graph.nodes.count
          add(
            .termDoubled, index, operand: operands[position], adding: [twice],
            [index: Replacement(operation: .add, operands: both)])
        }
        add(.termMissing, index, operand: operands[position], orbit: kind(operands[position]), [index: rest])
      }
      addMoves(ofTermsAt: index)
      add(
        .negated, index, operand: operands[1],
        [index: Replacement(operation: isSum ? .subtract : .add, operands: operands)])
      add(
        .negated, index, operand: operands[0],
        [index: Replacement(operation: .subtract, operands: [operands[1], operands[0]])])
    case .affine(scale: -1, shift: 1):
      add(.complement, index, operand: operands[0], orbit: "complement", [index: copy(operands[0])])
      addKeepForWrite(index, operands[0])
    case .product(let leftTransposed, let rightTransposed):
      addTransposed(index, leftTransposed, rightTransposed)
      addMove(ofProduct: index)
    case .join where operands.count == 2:
      add(
        .stackOrder, index, orbit: "stack",
        [index: Replacement(operation: .join, operands: operands.reversed())])
    default: break
    }
    addOtherOperands(at: index)
  }

  private mutating func addFunction(_ function: Function, _ index: Int) {
    let node = graph.nodes[index]
    add(.functionMissing, index, orbit: function.rawValue, [index: copy(node.operands[0])])
    addMoves(ofParenthesisAt: index)
    for other in [Function.sigmoid, .tanh, .relu] where other != function {
      add(
        .otherFunction, index, detail: other.rawValue, orbit: function.rawValue,
        [index: Replacement(operation: .function(other), operands: node.operands)])
    }
    if case .vector = node.shape.axes {
      add(
        .otherFunction, index, detail: "softmax", orbit: function.rawValue,
        [index: Replacement(operation: .softmax, operands: node.operands)])
    }
    let inner = Node(
      operation: node.operation, operands: node.operands, shape: shape(node.operands[0]), range: node.range)
    add(
      .functionTwice, index, adding: [inner],
      [index: Replacement(operation: node.operation, operands: [graph.nodes.count])])
  }

  /// Whether a value is a term of its own kind: a bias, the product with one state or input, or anything else.
  private func kind(_ node: Int) -> String {
    switch graph.nodes[node].operation {
    case .spread: return "shared"
    case .product:
      for operand in graph.nodes[node].operands {
        switch graph.nodes[operand].operation {
        case .previous, .input: return "\(graph.nodes[operand].operation)"
        default: continue
        }
      }
      return "product"
    case .previous, .input: return "\(graph.nodes[node].operation)"
    default: return "\(node)"
    }
  }

  private mutating func addTransposed(_ index: Int, _ left: Bool, _ right: Bool) {
    let operands = graph.nodes[index].operands
    for position in 0...1 {
      guard case .parameter = graph.nodes[operands[position]].operation,
        case .matrix(let rows, let columns) = shape(operands[position]).axes, rows == columns
      else { continue }
      add(
        .transposed, index, operand: operands[position], orbit: "square",
        [
          index: Replacement(
            operation: .product(
              leftTransposed: position == 0 ? !left : left, rightTransposed: position == 1 ? !right : right),
            operands: operands)
        ])
    }
  }

  // MARK: Other operands

  private mutating func addOtherOperands(at index: Int) {
    let node = graph.nodes[index]
    switch node.operation {
    case .slice, .transpose, .stop, .constant: return
    default: break
    }
    let quantities = cell.quantityNodes
    let parameters = graph.parameters.compactMap(\.self)
    for (position, operand) in node.operands.enumerated() {
      let isParameter = parameters.contains(operand)
      guard isParameter || quantities.contains(operand) else {
        if graph.nodes[operand].operation == .affine(scale: -1, shift: 1) {
          addOperand(.complement, index, position, graph.nodes[operand].operands[0])
        }
        continue
      }
      for other in isParameter ? parameters : quantities
      where other != operand && other != index && shape(other) == shape(operand) {
        var slip = ForwardFault.Slip.otherOperand
        if case .previous(let state) = graph.nodes[operand].operation, graph.results[state] == other {
          slip = .presentForPrevious
        } else if case .previous(let state) = graph.nodes[other].operation, graph.results[state] == operand {
          slip = .previousForPresent
        }
        addOperand(slip, index, position, other)
      }
      let complement = graph.nodes.firstIndex {
        $0.operation == .affine(scale: -1, shift: 1) && $0.operands == [operand]
      }
      if let complement, complement != index { addOperand(.complement, index, position, complement) }
    }
  }

  private mutating func addOperand(_ slip: ForwardFault.Slip, _ index: Int, _ position: Int, _ other: Int) {
    let node = graph.nodes[index]
    var operands = node.operands
    operands[position] = other
    add(
      slip, index, operand: node.operands[position], standIn: other, orbit: "\(node.operands[position]) \(other)",
      [index: Replacement(operation: node.operation, operands: operands)])
  }

  /// Every use of some nodes replaced by another, but for the users named.
  private func rewired(_ stead: [Int: Int], except users: Set<Int> = []) -> [Int: Replacement] {
    var changes: [Int: Replacement] = [:]
    for (index, node) in graph.nodes.enumerated() where !users.contains(index) {
      guard node.operands.contains(where: { stead[$0] != nil }) else { continue }
      changes[index] = Replacement(operation: node.operation, operands: node.operands.map { stead[$0] ?? $0 })
    }
    return changes
  }

  private mutating func addKeepForWrite(_ complement: Int, _ gate: Int) {
    add(
      .keepForWrite, complement, operand: gate,
      rewired([complement: gate, gate: complement], except: [complement]))
  }

  /// The quantities that a function makes.
  var gates: [Int] {
    cell.quantityNodes.filter {
      if case .function = graph.nodes[$0].operation { return true } else { return false }
    }
  }

  private mutating func addExchanges() {
    let gates = gates
    for (position, first) in gates.enumerated() {
      for second in gates[(position + 1)...] where shape(first) == shape(second) {
        add(.exchanged, first, standIn: second, rewired([first: second, second: first]))
      }
    }
  }

  // MARK: Order

  /// The parts of a packed value in every other order; with more than four, every two exchanged.
  private mutating func addPartOrders() {
    var parts: [Int: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() {
      if case .slice = node.operation { parts[node.operands[0], default: []].append(index) }
    }
    for (whole, slices) in parts.sorted(by: { $0.key < $1.key }) where slices.count > 1 {
      for order in Self.orders(slices.count) {
        var changes: [Int: Replacement] = [:]
        for (slice, at) in zip(slices, order) {
          changes[slice] = Replacement(
            operation: .slice(index: at, count: slices.count), operands: graph.nodes[slice].operands)
        }
        let detail = order.map(String.init).joined(separator: "-")
        add(.partOrder, whole, detail: detail, changes)
      }
    }
  }

  private static func orders(_ count: Int) -> [[Int]] {
    let own = Array(0..<count)
    if count > 4 {
      return own.flatMap { first in
        own[(first + 1)...].map { second in
          var order = own
          order.swapAt(first, second)
          return order
        }
      }
    }
    func all(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty ? [[]] : rest.flatMap { first in all(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    return all(own).filter { $0 != own }
  }
}
