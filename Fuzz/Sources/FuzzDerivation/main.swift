// Any bytes as a learner's derivation.md, held against a small residual cell.

import Derivation
import Diagnostics
import FuzzDriver
import Glibc
import Recurrence

private let checker: DerivationChecker = {
  let source = SourceText(name: "cell", text: "z_t = U h_{t-1} + W x_t + b\nh_t = h_{t-1} + \\tanh(z_t)")
  var declaration = CellDeclaration(name: "Cell", source: source, range: 0..<1)
  declaration.sizes = ["D": 2, "H": 3, "N": 1]
  declaration.inputs = [Declaration(symbol: "x", axes: ["D"], range: 0..<1)]
  declaration.states = [Declaration(symbol: "h", axes: ["H"], range: 0..<1)]
  declaration.parameters = [
    Declaration(symbol: "U", axes: ["H", "H"], range: 0..<1), Declaration(symbol: "W", axes: ["H", "D"], range: 0..<1),
    Declaration(symbol: "b", axes: ["H"], range: 0..<1),
  ]
  do {
    let cell = try Cell(declaration, forward: [SourceExcerpt(source)])
    let goal = SourceExcerpt(SourceText(name: "goal", text: "\\frac{\\partial L}{\\partial U}"))
    return try DerivationChecker(cell: cell, goals: [goal], given: [])
  } catch { fatalError("the fuzzer's own cell is broken: \(error)") }
}()

exit(
  fuzz { bytes, count in
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let report = checker.check(SourceText(name: "derivation.md", text: text), seed: 1)
    // Whatever was read can be told.
    for chain in report.chains { for link in chain.links { _ = link.text.chinese } }
    return 0
  })
