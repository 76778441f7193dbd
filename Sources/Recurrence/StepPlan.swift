// A step graph with numbers for its sizes: where each value lies, how it is computed, how its gradient flows back.

package import CellKit
import Formula

/// The layout of one step in memory, made once for given sizes and run as often as wanted: the rules of every operation.
package struct StepPlan: Sendable {
  package let graph: StepGraph
  package let samplesAreColumns: Bool
  /// Rows and columns of each node.
  package let extents: [Extent]
  /// Where each node lies in a step's block.
  package let offsets: [Int]
  /// How many doubles a step takes.
  package let size: Int

  init(_ cell: Cell, sizes: Sizes) {
    self.init(
      cell.graph, samplesAreColumns: cell.layout == .columns,
      extents: cell.graph.nodes.map { node in
        let (rows, columns) = sizes.storage(node.shape, cell.layout)
        return Extent(rows: rows, columns: columns)
      })
  }

  /// A graph with sizes of one's own; a node without entries is never computed.
  package init(_ graph: StepGraph, samplesAreColumns: Bool, extents: [Extent]) {
    self.graph = graph
    self.samplesAreColumns = samplesAreColumns
    self.extents = extents
    var offsets: [Int] = []
    var size = 0
    for extent in extents {
      offsets.append(size)
      size += extent.count
    }
    self.offsets = offsets
    self.size = size
  }

  /// Computes every node that is no leaf; the leaves, and nodes that are held, have been filled in.
  ///
  /// - Parameter evaluating: fills in a node in another way; returns false where it does not.
  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  func forward<Number: TapeNumber>(
    _ values: Number.Block, held: Set<Int> = [], _ meaning: Number.Meaning, evaluating: ((Int) -> Bool)? = nil
  ) {
    for index in graph.nodes.indices where held.isEmpty || !held.contains(index) {
      if evaluating?(index) != true { evaluate(index, values, meaning) }
    }
  }

  /// Lets gradients flow from the results of a step to its leaves.
  ///
  /// - Parameters:
  ///   - adjoints: a block like the values', zero but for what reaches the step from outside.
  ///   - held: nodes at which the flow ends, for immediate derivatives; empty for total ones.
  ///   - settling: is told a node once all of its adjoint has arrived.
  ///   - pull: lets gradients flow over an edge in another way; returns false where it does not.
  @_specialize(where Number == Double)
  @_specialize(where Number == Residue)
  func backward<Number: TapeNumber>(
    _ values: Number.Block, _ adjoints: Number.Block, _ meaning: Number.Meaning, held: Set<Int> = [],
    settling: ((Int) -> Void)? = nil, pull: ((Contribution) -> Bool)? = nil
  ) {
    var current = -1
    for edge in graph.contributions {
      if let settling, edge.source != current {
        current = edge.source
        settling(current)
      }
      if held.contains(edge.source) || pull?(edge) == true { continue }
      pullBack(edge, values, adjoints, meaning)
    }
  }

  package func forward(_ values: Entries, held: Set<Int> = []) { forward(values, held: held, RealFunctions.shared) }

  package func backward(
    _ values: Entries, _ adjoints: Entries, held: Set<Int> = [], settling: ((Int) -> Void)? = nil,
    pull: ((Contribution) -> Bool)? = nil
  ) {
    backward(values, adjoints, RealFunctions.shared, held: held, settling: settling, pull: pull)
  }

  // MARK: Matrices

  /// The value or adjoint of a node in a block.
  package func matrix<Number: TapeNumber>(_ node: Int, _ block: UnsafeMutablePointer<Number>) -> Number.Matrix {
    let extent = extents[node]
    let entries = UnsafeBufferPointer(start: block + offsets[node], count: extent.count)
    return Number.Matrix(rows: extent.rows, columns: extent.columns, elements: Array(entries))
  }

  /// A matrix of zeros in a node's shape.
  package func zeros(_ node: Int) -> Matrix { .zeros(extents[node].rows, extents[node].columns) }

  /// Adds a matrix to the adjoint of a node.
  func add<Number: TapeNumber>(_ matrix: Number.Matrix, to node: Int, _ block: UnsafeMutablePointer<Number>) {
    let extent = extents[node]
    precondition(
      matrix.rows == extent.rows && matrix.columns == extent.columns,
      "a \(matrix.rows)×\(matrix.columns) gradient for a \(extent.rows)×\(extent.columns) quantity")
    let target = block + offsets[node]
    for (entry, number) in matrix.elements.enumerated() { target[entry] = target[entry] + number }
  }
}
