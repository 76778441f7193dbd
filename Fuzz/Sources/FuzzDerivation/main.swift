// Any bytes as a learner's derivation.md, held against a small residual cell.

import Derivation
import Diagnostics
import FuzzCell
import FuzzDriver
import Glibc

private let checker: DerivationChecker = {
  do {
    let goal = SourceExcerpt(SourceText(name: "goal", text: "\\frac{\\partial L}{\\partial U}"))
    return try DerivationChecker(cell: FuzzCell.residual, goals: [goal], given: [])
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
