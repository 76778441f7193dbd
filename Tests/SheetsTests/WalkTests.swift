// The walk through two steps on the pages of sheets, held against one reverse pass over both steps.

import Foundation
import CellKit
import Pages
import Recurrence
import Sheets
import TestSupport
import Testing

@Suite(.timed) struct WalkTests {
  private static let sheets = SheetLibrary(ContentRoot(path: Repository.root.path)).sheets.filter { $0.cell != nil }

  @Test(arguments: sheets.map(\.id))
  func theTermsOfEveryAdjointAddUpToTheReversePass(id: String) throws {
    let cell = try #require(Self.sheets.first { $0.id == id }?.cell)
    guard let walk = Walk(cell) else {
      Issue.record("\(id) has no walk")
      return
    }
    let run = Recurrence(cell, sizes: walk.sizes)
    run.forward(walk.numbers)
    let gradients = run.backward(walk.numbers.upstream, recordsStates: true)
    let graph = cell.graph
    for adjoint in walk.adjoints {
      let place = adjoint.place
      let expected: Matrix? =
        if let state = graph.results.firstIndex(of: place.node), state < cell.quantities.states.count {
          gradients.states[state][place.step]
        } else if let input = graph.inputs.firstIndex(of: place.node) {
          gradients.inputs[input][place.step - 1]
        } else { nil }
      guard let expected else { continue }
      for (mine, theirs) in zip(adjoint.value.elements, expected.elements) {
        #expect(abs(mine - theirs) <= 1e-12 * max(1, abs(theirs)), "\(id) \(place)")
      }
    }
    // The loss must reach something, and a place where paths meet must be among what is shown.
    #expect(walk.adjoints.contains { $0.terms.count + ($0.own == nil ? 0 : 1) > 1 })
    #expect(walk.adjoints.contains { $0.value.elements.contains { $0 != 0 } && $0.place.step == 1 })
  }

  @Test func theDrawingHasEveryQuantityAndArrow() async throws {
    let cell = try #require(Self.sheets.first { $0.id == "nndl-6-2p" }?.cell)
    let walk = try #require(Walk(cell))
    let svg = try await Graphviz.svg(walk.graphviz)
    for id in walk.values.map({ Walk.id($0.place) }) + walk.arrows.map(Walk.id) {
      #expect(svg.contains("id=\"\(id)\""), "\(id)")
    }
    // Its colours are the page's, and no name of a node pops up.
    #expect(!svg.contains("black") && !svg.contains("<title>") && svg.hasPrefix("<svg") && svg.hasSuffix("</svg>"))
  }

  @Test func aFactorTimesTheAdjointIsTheTerm() throws {
    let cell = try #require(Self.sheets.first { $0.id == "nndl-6-4" }?.cell)
    let walk = try #require(Walk(cell))
    let adjoints = Dictionary(uniqueKeysWithValues: walk.adjoints.map { ($0.place, $0.value) })
    for term in walk.adjoints.flatMap(\.terms) {
      let factor = try #require(term.factor)
      let head = try #require(adjoints[term.arrow.head])
      #expect(abs(factor * head.elements[0] - term.value.elements[0]) <= 1e-15)
    }
  }
}
