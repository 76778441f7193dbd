// Runs a `SequencePlan`: forward over all steps, and back.

import CBLAS
import CElementwise
import CellKit
import Formula
import Glibc

/// The memory of a planned sequence and the passes over it.
final class SequenceRun {
  let plan: SequencePlan
  private let cell: Cell
  private let values: UnsafeMutableBufferPointer<Double>
  private let adjoints: UnsafeMutableBufferPointer<Double>
  private let groupAdjoints: UnsafeMutableBufferPointer<Double>

  init?(_ cell: Cell, sizes: Sizes) {
    guard let plan = SequencePlan(cell, sizes: sizes) else { return nil }
    self.plan = plan
    self.cell = cell
    func memory(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
      let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(1, count))
      buffer.initialize(repeating: 0)
      return buffer
    }
    values = memory(plan.size)
    adjoints = memory(plan.adjointSize + plan.sharedSize)
    groupAdjoints = memory(plan.groupAdjointSize)
  }

  deinit {
    values.deallocate()
    adjoints.deallocate()
    groupAdjoints.deallocate()
  }

  /// Some rows of numbers.
  private struct Rows {
    let start: Entries
    let stride: Int
  }

  private func value(_ node: Int, _ step: Int) -> Rows {
    let place = plan.places[node]
    return Rows(
      start: values.baseAddress! + place.start + (step - 1) * plan.rows * place.stride, stride: place.stride)
  }

  private func adjoint(_ node: Int, _ step: Int) -> Rows {
    guard let group = plan.groupOf[node] else {
      let place = plan.places[node]
      return Rows(
        start: adjoints.baseAddress! + plan.adjointStarts[node], stride: place.isShared ? 0 : place.columns)
    }
    let width = plan.groups[group].width
    let column = plan.places[node].start - plan.groups[group].start - plan.rows * width
    return Rows(
      start: groupAdjoints.baseAddress! + plan.groupAdjoints[group] + (step - 1) * plan.rows * width + column,
      stride: width)
  }

  // MARK: Between matrices and rows

  /// Copies a matrix of a batch, whichever way it lies, into rows; or adds it.
  private func take(_ matrix: Matrix, into rows: Rows, columns: Int, adding: Bool = false) {
    matrix.elements.withUnsafeBufferPointer { take($0, into: rows, columns: columns, adding: adding) }
  }

  private func take(_ source: UnsafeBufferPointer<Double>, into rows: Rows, columns: Int, adding: Bool) {
    guard let base = source.baseAddress else { return }
    let (rowStep, columnStep) = plan.samplesAreColumns ? (1, plan.rows) : (columns, 1)
    for row in 0..<plan.rows {
      let target = rows.start + row * rows.stride
      let from = base + row * rowStep
      if adding {
        for column in 0..<columns { target[column] += from[column * columnStep] }
      } else {
        for column in 0..<columns { target[column] = from[column * columnStep] }
      }
    }
  }

  private func matrix(_ rows: Rows, columns: Int) -> Matrix {
    let (height, width) = plan.samplesAreColumns ? (columns, plan.rows) : (plan.rows, columns)
    let elements = [Double](unsafeUninitializedCapacity: height * width) { buffer, count in
      for row in 0..<plan.rows {
        let from = rows.start + row * rows.stride
        if plan.samplesAreColumns {
          for column in 0..<columns { buffer[column * width + row] = from[column] }
        } else {
          for column in 0..<columns { buffer[row * width + column] = from[column] }
        }
      }
      count = height * width
    }
    return Matrix(rows: height, columns: width, elements: elements)
  }

  // MARK: Forward

  func forward(_ value: Case) {
    let plan = plan
    guard let base = values.baseAddress else { return }
    fillShared(value)
    for (index, node) in plan.graph.inputs.enumerated() {
      guard let node else { continue }
      for step in 1...plan.steps {
        take(value.inputs[index][step - 1], into: self.value(node, step), columns: plan.places[node].columns)
      }
    }
    for (index, result) in plan.graph.results.prefix(cell.quantities.states.count).enumerated() {
      take(value.initial[index], into: self.value(result, 0), columns: plan.places[result].columns)
    }
    for group in plan.groups { begin(group, value, base) }
    for step in 1...plan.steps {
      for index in plan.graph.nodes.indices {
        if let number = plan.groupOf[index] {
          let group = plan.groups[number]
          if group.first == index { multiplyStates(group, step, base) }
          for (member, others) in zip(group.members, group.others) where member == index && !others.isEmpty {
            let target = self.value(index, step)
            for other in others {
              let source = self.value(other.node, step)
              each(plan.places[index].columns, target, source) { elementwise_add_scaled($1, other.sign, $0, $2) }
            }
          }
        } else if plan.isEvaluated[index] {
          evaluate(index, step)
        }
      }
    }
  }

  private func fillShared(_ value: Case) {
    for (index, node) in plan.graph.nodes.enumerated()
    where plan.places[index].isShared && plan.places[index].columns > 0 {
      let target = self.value(index, 1).start
      let count = plan.places[index].columns
      switch node.operation {
      case .parameter(let parameter):
        for (entry, number) in value.parameters[parameter].elements.enumerated() { target[entry] = number }
      case .constant(let number): target.update(repeating: number, count: count)
      case .spread:
        let from = node.operands[0]
        if plan.places[from].columns == count {
          target.update(from: self.value(from, 1).start, count: count)
        } else {
          switch plan.graph.nodes[from].operation {
          case .constant(let number): target.update(repeating: number, count: count)
          case .parameter(let parameter):
            target.update(repeating: value.parameters[parameter].elements[0], count: count)
          default: break
          }
        }
      default: break
      }
    }
  }

  /// Stacks a group's matrices, and writes what biases and inputs add at all steps.
  private func begin(_ group: SequencePlan.Group, _ value: Case, _ base: Entries) {
    for (operand, weights) in group.weights.enumerated() {
      let inner = plan.places[group.operands[operand]].columns
      for (position, member) in group.members.enumerated() {
        guard let factor = group.factors[position][operand] else { continue }
        let outer = plan.places[member].columns
        let column = group.columns[position]
        value.parameters[factor.parameter].elements.withUnsafeBufferPointer { source in
          guard let from = source.baseAddress else { return }
          let target = base + weights + column
          if factor.isUpright {
            for row in 0..<inner { (target + row * group.width).update(from: from + row * outer, count: outer) }
          } else {
            for row in 0..<inner { for one in 0..<outer { target[row * group.width + one] = from[one * inner + row] } }
          }
        }
      }
    }
    let bias = base + group.bias
    bias.update(repeating: 0, count: group.width)
    for (position, biases) in group.biases.enumerated() {
      for parameter in biases {
        for (entry, number) in value.parameters[parameter].elements.enumerated() {
          bias[group.columns[position] + entry] += number
        }
      }
    }
    let start = base + group.start + plan.rows * group.width
    let rows = plan.steps * plan.rows
    for row in 0..<rows { (start + row * group.width).update(from: bias, count: group.width) }
    for (operand, node) in group.operands.enumerated() where group.isInput[operand] {
      let vector = self.value(node, 1)
      product(
        vector.start, vector.stride, false, base + group.weights[operand], group.width, false, start, group.width,
        rows: rows, columns: group.spans[operand], inner: plan.places[node].columns, adding: true)
    }
  }

  private func multiplyStates(_ group: SequencePlan.Group, _ step: Int, _ base: Entries) {
    for (operand, node) in group.operands.enumerated() where !group.isInput[operand] {
      let vector = value(node, step)
      product(
        vector.start, vector.stride, false, base + group.weights[operand], group.width, false,
        base + group.start + step * plan.rows * group.width, group.width, rows: plan.rows, columns: group.width,
        inner: plan.places[node].columns, adding: true)
    }
  }

  private func product(
    _ a: Entries, _ aStride: Int, _ aTransposed: Bool, _ b: Entries, _ bStride: Int, _ bTransposed: Bool, _ c: Entries,
    _ cStride: Int, rows: Int, columns: Int, inner: Int, adding: Bool
  ) {
    if rows == 1, !aTransposed {
      // One sample: a vector, for which the general product takes longer to begin than to compute.
      cblas_dgemv(
        CblasRowMajor, bTransposed ? CblasNoTrans : CblasTrans, blasint(bTransposed ? columns : inner),
        blasint(bTransposed ? inner : columns), 1, b, blasint(bStride), a, 1, adding ? 1 : 0, c, 1)
      return
    }
    cblas_dgemm(
      CblasRowMajor, aTransposed ? CblasTrans : CblasNoTrans, bTransposed ? CblasTrans : CblasNoTrans, blasint(rows),
      blasint(columns), blasint(inner), 1, a, blasint(aStride), b, blasint(bStride), adding ? 1 : 0, c,
      blasint(cStride))
  }

  /// Calls a body once where both lie without gaps, else row by row.
  @inline(__always)
  private func each(_ columns: Int, _ target: Rows, _ a: Rows, _ body: (Entries, Entries, Int) -> Void) {
    if target.stride == columns, a.stride == columns { return body(target.start, a.start, plan.rows * columns) }
    for row in 0..<plan.rows { body(target.start + row * target.stride, a.start + row * a.stride, columns) }
  }

  @inline(__always)
  private func each(
    _ columns: Int, _ target: Rows, _ a: Rows, _ b: Rows, _ body: (Entries, Entries, Entries, Int) -> Void
  ) {
    if target.stride == columns, a.stride == columns, b.stride == columns {
      return body(target.start, a.start, b.start, plan.rows * columns)
    }
    for row in 0..<plan.rows {
      body(target.start + row * target.stride, a.start + row * a.stride, b.start + row * b.stride, columns)
    }
  }

  private func evaluate(_ index: Int, _ step: Int) {
    let node = plan.graph.nodes[index]
    let columns = plan.places[index].columns
    let target = value(index, step)
    let a = value(node.operands[0], step)
    switch node.operation {
    case .function(.tanh): each(columns, target, a) { elementwise_tanh($1, $0, $2) }
    case .function(.sigmoid): each(columns, target, a) { elementwise_sigmoid($1, $0, $2) }
    case .function(let function): each(columns, target, a) { Kernels.apply(function, $1, into: $0, count: $2) }
    case .affine(let scale, let shift): each(columns, target, a) { elementwise_affine($1, scale, shift, $0, $2) }
    case .power(let exponent): each(columns, target, a) { Kernels.power($1, exponent, into: $0, count: $2) }
    case .stop: each(columns, target, a) { $0.update(from: $1, count: $2) }
    case .add: each(columns, target, a, value(node.operands[1], step)) { elementwise_add($1, $2, $0, $3) }
    case .subtract: each(columns, target, a, value(node.operands[1], step)) { elementwise_subtract($1, $2, $0, $3) }
    case .hadamard: each(columns, target, a, value(node.operands[1], step)) { elementwise_multiply($1, $2, $0, $3) }
    case .divide:
      each(columns, target, a, value(node.operands[1], step)) { target, a, b, count in
        for entry in 0..<count { target[entry] = a[entry] / b[entry] }
      }
    case .maximum, .minimum:
      let isMaximum = node.operation == .maximum
      each(columns, target, a, value(node.operands[1], step)) { target, a, b, count in
        for entry in 0..<count {
          target[entry] = (isMaximum ? b[entry] > a[entry] : b[entry] < a[entry]) ? b[entry] : a[entry]
        }
      }
    case .softmax:
      for row in 0..<plan.rows {
        Kernels.softmax(
          a.start + row * a.stride, into: target.start + row * target.stride, Extent(rows: 1, columns: columns),
          samplesAreColumns: false)
      }
    case .slice(let part, _):
      each(columns, target, Rows(start: a.start + part * columns, stride: a.stride)) { $0.update(from: $1, count: $2) }
    case .join:
      var start = 0
      for operand in node.operands {
        let width = plan.places[operand].columns
        each(width, Rows(start: target.start + start, stride: target.stride), value(operand, step)) {
          $0.update(from: $1, count: $2)
        }
        start += width
      }
    default: preconditionFailure("\(node.operation) is no operation of a sequence plan")
    }
  }

  /// The states and outputs at every step of the last forward pass.
  func outputs() -> Outputs {
    plan.graph.results.map { node in
      (1...plan.steps).map { matrix(value(node, $0), columns: plan.places[node].columns) }
    }
  }

  // MARK: Backward

  /// The reverse pass; what it leaves in the adjoints of groups is what `gradients` adds up.
  ///
  /// - Parameters: as those of `Recurrence.stateGradients`; `visit` is told the gradient as rows and as a matrix on demand.
  func backward(
    _ upstream: [[Matrix?]], changing: ((Int, inout [Matrix]) -> Void)?,
    inputGradients: ((_ input: Int, _ step: Int, _ gradient: Matrix) -> Void)? = nil,
    visit: (_ state: Int, _ step: Int, _ gradient: () -> Matrix, _ rows: UnsafeBufferPointer<Double>?) -> Void
  ) {
    let plan = plan
    let graph = plan.graph
    let states = cell.quantities.states.count
    guard let local = adjoints.baseAddress else { return }
    local.update(repeating: 0, count: plan.adjointSize + plan.sharedSize)
    groupAdjoints.update(repeating: 0)
    let widths = (0..<states).map { plan.places[graph.results[$0]].columns }
    let carried = widths.map { Entries.allocate(capacity: max(1, plan.rows * $0)) }
    defer { for pointer in carried { pointer.deallocate() } }
    for (pointer, width) in zip(carried, widths) { pointer.initialize(repeating: 0, count: plan.rows * width) }
    func tell(_ state: Int, _ step: Int, _ rows: Rows) {
      let width = widths[state]
      let isDense = rows.stride == width
      visit(
        state, step, { self.matrix(rows, columns: width) },
        isDense ? UnsafeBufferPointer(start: rows.start, count: plan.rows * width) : nil)
    }
    for step in stride(from: plan.steps, through: 1, by: -1) {
      local.update(repeating: 0, count: plan.adjointSize)
      for (index, node) in graph.results.enumerated() {
        let target = adjoint(node, step)
        let width = plan.places[node].columns
        if let own = upstream[index][step - 1] { take(own, into: target, columns: width, adding: true) }
        if index < states {
          each(width, target, Rows(start: carried[index], stride: width)) { elementwise_add_scaled($1, 1, $0, $2) }
        }
      }
      for index in graph.nodes.indices.reversed() {
        if let number = plan.groupOf[index] {
          let group = plan.groups[number]
          for (member, others) in zip(group.members, group.others) where member == index {
            for other in others {
              each(plan.places[index].columns, adjoint(other.node, step), adjoint(index, step)) {
                elementwise_add_scaled($1, other.sign, $0, $2)
              }
            }
          }
          if group.first == index { multiplyBack(group, number, step) }
        } else if plan.isEvaluated[index] {
          pullBack(index, step)
        }
      }
      if let inputGradients {
        for (index, node) in graph.inputs.enumerated() {
          if let node, plan.hasOtherUses[index] {
            inputGradients(index, step, matrix(adjoint(node, step), columns: plan.places[node].columns))
          }
        }
      }
      for state in 0..<states {
        tell(state, step, adjoint(graph.results[state], step))
        if let node = graph.previous[state] {
          carried[state].update(from: adjoint(node, step).start, count: plan.rows * widths[state])
        } else {
          carried[state].update(repeating: 0, count: plan.rows * widths[state])
        }
      }
      if let changing {
        var matrices = (0..<states).map { matrix(Rows(start: carried[$0], stride: widths[$0]), columns: widths[$0]) }
        changing(step, &matrices)
        for state in 0..<states {
          take(matrices[state], into: Rows(start: carried[state], stride: widths[state]), columns: widths[state])
        }
      }
    }
    for state in 0..<states { tell(state, 0, Rows(start: carried[state], stride: widths[state])) }
  }

  private func multiplyBack(_ group: SequencePlan.Group, _ number: Int, _ step: Int) {
    guard let base = values.baseAddress, let groups = groupAdjoints.baseAddress else { return }
    for (operand, node) in group.operands.enumerated() where !group.isInput[operand] {
      let target = adjoint(node, step)
      product(
        groups + plan.groupAdjoints[number] + (step - 1) * plan.rows * group.width, group.width, false,
        base + group.weights[operand], group.width, true, target.start, target.stride, rows: plan.rows,
        columns: plan.places[node].columns, inner: group.width, adding: true)
    }
  }

  private func pullBack(_ index: Int, _ step: Int) {
    let node = plan.graph.nodes[index]
    let columns = plan.places[index].columns
    let source = adjoint(index, step)
    for (position, operand) in node.operands.enumerated() {
      switch plan.graph.nodes[operand].operation {
      case .constant: continue
      case .spread where plan.places[plan.graph.nodes[operand].operands[0]].columns == 0:
        guard case .parameter = plan.graph.nodes[plan.graph.nodes[operand].operands[0]].operation else { continue }
      default: break
      }
      let target = adjoint(operand, step)
      func other() -> Rows { value(node.operands[1 - position], step) }
      switch node.operation {
      case .stop: break
      case .function(.tanh):
        each(columns, target, value(index, step), source) { elementwise_pull_tanh($1, $2, $0, $3, 1) }
      case .function(.sigmoid):
        each(columns, target, value(index, step), source) { elementwise_pull_sigmoid($1, $2, $0, $3, 1) }
      case .function(let function):
        let (x, y) = (value(operand, step), value(index, step))
        for row in 0..<plan.rows {
          Kernels.pullBack(
            function, source: x.start + row * x.stride, value: y.start + row * y.stride,
            adjoint: source.start + row * source.stride, into: target.start + row * target.stride, count: columns)
        }
      case .affine(let scale, _): each(columns, target, source) { elementwise_add_scaled($1, scale, $0, $2) }
      case .add: each(columns, target, source) { elementwise_add_scaled($1, 1, $0, $2) }
      case .subtract:
        each(columns, target, source) { elementwise_add_scaled($1, position == 0 ? 1 : -1, $0, $2) }
      case .hadamard: each(columns, target, source, other()) { elementwise_add_multiply($1, $2, $0, $3) }
      case .divide:
        let below = value(node.operands[1], step)
        let result = value(index, step)
        for row in 0..<plan.rows {
          let (t, g) = (target.start + row * target.stride, source.start + row * source.stride)
          let (b, y) = (below.start + row * below.stride, result.start + row * result.stride)
          for entry in 0..<columns { t[entry] += g[entry] * (position == 0 ? 1 / b[entry] : -y[entry] / b[entry]) }
        }
      case .maximum, .minimum:
        let (a, b) = (value(node.operands[0], step), value(node.operands[1], step))
        let isMaximum = node.operation == .maximum
        for row in 0..<plan.rows {
          let (t, g) = (target.start + row * target.stride, source.start + row * source.stride)
          let (x, y) = (a.start + row * a.stride, b.start + row * b.stride)
          for entry in 0..<columns {
            let takesSecond = isMaximum ? y[entry] > x[entry] : y[entry] < x[entry]
            if takesSecond == (position == 1) { t[entry] += g[entry] }
          }
        }
      case .power(let exponent):
        each(columns, target, value(operand, step), source) {
          Kernels.pullBackPower($1, exponent, adjoint: $2, into: $0, count: $3)
        }
      case .softmax:
        let y = value(index, step)
        for row in 0..<plan.rows {
          Kernels.pullBackSoftmax(
            value: y.start + row * y.stride, adjoint: source.start + row * source.stride,
            into: target.start + row * target.stride, Extent(rows: 1, columns: columns), samplesAreColumns: false)
        }
      case .slice(let part, _):
        each(columns, Rows(start: target.start + part * columns, stride: target.stride), source) {
          elementwise_add_scaled($1, 1, $0, $2)
        }
      case .join:
        let start = node.operands.prefix(position).reduce(0) { $0 + plan.places[$1].columns }
        each(plan.places[operand].columns, target, Rows(start: source.start + start, stride: source.stride)) {
          elementwise_add_scaled($1, 1, $0, $2)
        }
      default: break
      }
    }
  }

  /// Adds the gradients of parameters and inputs of the last reverse pass to what is there already.
  func gradients(parameters: inout [Matrix], inputs: inout [[Matrix]]) {
    guard let base = values.baseAddress, let groups = groupAdjoints.baseAddress else { return }
    let rows = plan.steps * plan.rows
    var sums = parameters.map(\.elements)
    var isWritten = plan.hasOtherUses
    for (number, group) in plan.groups.enumerated() {
      let delta = groups + plan.groupAdjoints[number]
      for (operand, node) in group.operands.enumerated() {
        let inner = plan.places[node].columns
        let vector = value(node, 1)
        let buffer = Entries.allocate(capacity: max(1, inner * group.width))
        defer { buffer.deallocate() }
        product(
          vector.start, vector.stride, true, delta, group.width, false, buffer, group.width, rows: inner,
          columns: group.spans[operand], inner: rows, adding: false)
        for (position, member) in group.members.enumerated() {
          guard let factor = group.factors[position][operand] else { continue }
          let outer = plan.places[member].columns
          let from = buffer + group.columns[position]
          for row in 0..<inner {
            for one in 0..<outer {
              sums[factor.parameter][factor.isUpright ? row * outer + one : one * inner + row] +=
                from[row * group.width + one]
            }
          }
        }
        guard group.isInput[operand], case .input(let input) = plan.graph.nodes[node].operation else { continue }
        let gradient = Entries.allocate(capacity: max(1, rows * inner))
        defer { gradient.deallocate() }
        product(
          delta, group.width, false, base + group.weights[operand], group.width, true, gradient, inner, rows: rows,
          columns: inner, inner: group.spans[operand], adding: false)
        for step in 0..<plan.steps {
          let part = matrix(Rows(start: gradient + step * plan.rows * inner, stride: inner), columns: inner)
          inputs[input][step] = isWritten[input] ? inputs[input][step] + part : part
        }
        isWritten[input] = true
      }
      for (position, biases) in group.biases.enumerated() {
        let width = plan.places[group.members[position]].columns
        for parameter in biases {
          for row in 0..<rows {
            let from = delta + row * group.width + group.columns[position]
            for entry in 0..<width { sums[parameter][entry] += from[entry] }
          }
        }
      }
    }
    for (index, node) in plan.graph.nodes.enumerated()
    where plan.places[index].isShared && plan.places[index].columns > 0 {
      let from = adjoint(index, 1).start
      let count = plan.places[index].columns
      switch node.operation {
      case .parameter(let parameter): for entry in 0..<count { sums[parameter][entry] += from[entry] }
      case .spread:
        guard case .parameter(let parameter) = plan.graph.nodes[node.operands[0]].operation else { continue }
        if plan.places[node.operands[0]].columns == count {
          for entry in 0..<count { sums[parameter][entry] += from[entry] }
        } else {
          for entry in 0..<count { sums[parameter][0] += from[entry] }
        }
      default: continue
      }
    }
    for index in parameters.indices {
      parameters[index] = Matrix(
        rows: parameters[index].rows, columns: parameters[index].columns, elements: sums[index])
    }
  }
}
