// The gradient-flow table: its quantiles, its numbers, and what can be known about a curve without running it.

import CellKit
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import GradientFlow

/// The cell of a sheet of this course.
func cell(_ id: String) throws -> Cell {
  let folders = [
    Repository.root.appending(path: "exercises"), Repository.tests.appending(path: "Fixtures/sheets"),
  ]
  let path = folders.map { $0.appending(path: "\(id)/sheet.md").path }
    .first { FileManager.default.fileExists(atPath: $0) }
  let sheet = try Sheet(path: try #require(path))
  return try #require(sheet.cell)
}

@Suite struct FlowTableTests {
  /// numpy.quantile([3, 1, 4, 1.5, 9], [.1, .5, .9]) is [1.2, 3, 7].
  @Test func quantilesAreNumPys() {
    let spread = Spread([3, 1, 4, 1.5, 9])
    #expect(abs(spread.lower - 1.2) < 1e-15 && spread.median == 3 && abs(spread.upper - 7) < 1e-15)
    #expect(Spread([2]).lower == 2)
    #expect(Spread([1, .nan]).median.isNaN)
  }

  @Test(arguments: [1.0, 1e-170, Double.leastNormalMagnitude / 256, 1e200])
  func theNormNeitherUnderflowsNorOverflows(_ scale: Double) {
    let matrix = Matrix([[3 * scale, 0], [0, 4 * scale]])
    #expect(abs(matrix.frobeniusNorm / scale - 5) < 1e-8)
  }

  @Test func rowsRunFromTheInitialStateToTheLoss() async throws {
    var table = FlowTable()
    let experiment = Experiment(hidden: 5, steps: 7, batch: 2, seeds: 3)
    try await table.add(
      experiment, on: cell("nndl-6-4"), named: "LSTM", quantities: nil, with: ReferenceRunner(threads: 2))
    #expect(table.rows.map(\.quantity) == Array(repeating: "h", count: 8) + Array(repeating: "c", count: 8))
    #expect(table.rows.prefix(8).map(\.step) == Array(0...7))
    #expect(table.rows.allSatisfy { $0.lag == 7 - $0.step })
    #expect(table.rows.filter { $0.lag == 0 }.allSatisfy { $0.relative == Spread([1]) })
    #expect(table.notes.isEmpty)
  }

  @Test func theNumberOfThreadsChangesNothing() async throws {
    let experiment = Experiment(hidden: 4, steps: 5, batch: 2, seeds: 5)
    var tables: [String] = []
    for threads in [1, 2, 7] {
      var table = FlowTable()
      try await table.add(
        experiment, on: cell("nndl-6-5"), named: "GRU", quantities: nil, with: ReferenceRunner(threads: threads))
      tables.append(table.csv)
    }
    #expect(Set(tables).count == 1)
  }

  @Test func aFieldWithACommaIsQuoted() async throws {
    var table = FlowTable()
    let experiment = Experiment(hidden: 2, steps: 1, batch: 1, seeds: 1)
    try await table.add(
      experiment, on: cell("rnn-step"), named: "a \"b\", c", quantities: nil, with: ReferenceRunner(threads: 1))
    #expect(table.csv.split(separator: "\r\n")[1].hasPrefix("\"a \"\"b\"\", c\",uniform,h,"))
  }

  /// ‖I + A‖ to the power of a thousand overflows: the field is empty and somebody is told.
  @Test func whatIsNotFiniteIsAnEmptyField() async throws {
    struct Exploding: CellRunner {
      func stateGradients(_ cases: [Case], of cell: Cell, sizes: Sizes) async throws -> [[[Matrix]]] {
        cases.map { _ in [(0...sizes.steps).map { Matrix([[$0 == 0 ? Double.infinity : 0]]) }] }
      }
    }
    var table = FlowTable()
    try await table.add(
      Experiment(hidden: 1, steps: 1, batch: 1, seeds: 1), on: cell("rnn-step"), named: "x", quantities: nil,
      with: Exploding())
    let rows = table.csv.split(separator: "\r\n").dropFirst()
    #expect(rows.first?.hasPrefix("x,uniform,h,1,1,1,1,0,1,,,,,,,") == true)
    #expect(rows.last?.contains(",0,0,0,0,") == true)
    #expect(table.notes.count == 1)
  }

  /// 10 for σ_w and ReLU: the states overflow after some 220 steps.
  @Test("a forward pass that overflows: fields without a number and a note, never a gradient of 0")
  func anExplosionIsNoZero() async throws {
    var table = FlowTable()
    let experiment = Experiment(
      hidden: 8, steps: 700, batch: 2, seeds: 2, variant: try #require(try? Variant("gaussian:10+relu")))
    try await table.add(
      experiment, on: cell("rnn-step"), named: "x", quantities: ["h", FlowTable.jacobian],
      with: ReferenceRunner(threads: 1))
    for row in table.rows where row.step < 690 {
      #expect(!row.norm.median.isFinite, "\(row.quantity) at step \(row.step): \(row.norm.median)")
    }
    #expect(!table.csv.contains(",0,0,0,"))
    #expect(table.notes.count == 3)
  }
}
