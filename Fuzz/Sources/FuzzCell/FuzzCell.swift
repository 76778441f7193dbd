// A small residual cell that several fuzzers share.

import Diagnostics
public import Recurrence

/// The cell of the fuzzers.
public enum FuzzCell {
  /// `h_t = h_{t-1} + tanh(U h_{t-1} + W x_t + b)`.
  public static let residual: Cell = {
    let source = SourceText(name: "cell", text: "z_t = U h_{t-1} + W x_t + b\nh_t = h_{t-1} + \\tanh(z_t)")
    var declaration = CellDeclaration(name: "Cell", source: source, range: 0..<1)
    declaration.sizes = ["D": 2, "H": 3, "N": 1]
    declaration.inputs = [Declaration(symbol: "x", axes: ["D"], range: 0..<1)]
    declaration.states = [Declaration(symbol: "h", axes: ["H"], range: 0..<1)]
    declaration.parameters = [
      Declaration(symbol: "U", axes: ["H", "H"], range: 0..<1),
      Declaration(symbol: "W", axes: ["H", "D"], range: 0..<1),
      Declaration(symbol: "b", axes: ["H"], range: 0..<1),
    ]
    do { return try Cell(declaration, forward: [SourceExcerpt(source)]) } catch {
      fatalError("the fuzzers' own cell is broken: \(error)")
    }
  }()
}
