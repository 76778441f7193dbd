// The rules of a planned run: where they are other ones than those of every operation, for samples in rows and memory with gaps.

import CElementwise
import Formula

extension SequenceRun {
  /// Computes a node that belongs to no group.
  func evaluate(_ index: Int, _ step: Int) {
    let node = plan.graph.nodes[index]
    let extent = extent(index)
    let target = value(index, step)
    let a = value(node.operands[0], step)
    switch node.operation {
    case .function(let function) where slope(index, step) != nil:
      let slopes = slope(index, step) ?? a
      if function == .tanh {
        Elementwise.each(extent, target, a, slopes) { elementwise_tanh($1, $0, $2, $3) }
      } else {
        Elementwise.each(extent, target, a, slopes) { elementwise_sigmoid($1, $0, $2, $3) }
      }
    case .softmax:
      for row in 0..<extent.rows {
        Kernels.softmax(
          a[row], into: target[row], Extent(rows: 1, columns: extent.columns), samplesAreColumns: false,
          RealFunctions.shared)
      }
    case .slice(let part, _):
      let source = Rows(start: a.start + part * extent.columns, stride: a.stride)
      Elementwise.each(extent, target, source) { $0.update(from: $1, count: $2) }
    case .join:
      var start = target.start
      for operand in node.operands {
        let part = Rows(start: start, stride: target.stride)
        Elementwise.each(self.extent(operand), part, value(operand, step)) { $0.update(from: $1, count: $2) }
        start += plan.places[operand].columns
      }
    default:
      let b = node.operands.count > 1 ? value(node.operands[1], step) : a
      Elementwise.evaluate(node.operation, a, b, into: target, extent, RealFunctions.shared)
    }
  }

  /// Lets the gradient of a node flow back to one of its operands.
  func pullBack(_ node: Node, _ index: Int, _ position: Int, into target: Rows, _ step: Int) {
    let extent = extent(index)
    let (source, y) = (adjoint(index, step), value(index, step))
    if let slopes = slope(index, step) {
      return Elementwise.each(extent, target, slopes, source) { elementwise_add_multiply($1, $2, $0, $3) }
    }
    switch node.operation {
    case .softmax:
      for row in 0..<extent.rows {
        Kernels.pullBackSoftmax(
          value: y[row], adjoint: source[row], into: target[row], Extent(rows: 1, columns: extent.columns),
          samplesAreColumns: false)
      }
    case .slice(let part, _):
      let whole = Rows(start: target.start + part * extent.columns, stride: target.stride)
      Elementwise.each(extent, whole, source) { elementwise_add_scaled($1, 1, $0, $2) }
    case .join:
      let start = node.operands.prefix(position).reduce(0) { $0 + plan.places[$1].columns }
      let part = Rows(start: source.start + start, stride: source.stride)
      Elementwise.each(self.extent(node.operands[position]), target, part) { elementwise_add_scaled($1, 1, $0, $2) }
    default:
      let a = value(node.operands[0], step)
      let b = node.operands.count > 1 ? value(node.operands[1], step) : a
      Elementwise.pullBack(
        node.operation, operand: position, a, b, value: y, adjoint: source, into: target, extent,
        RealFunctions.shared)
    }
  }
}
