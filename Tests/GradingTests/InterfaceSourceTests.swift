// The Swift that is made from a sheet, as a learner reads it.

import Recurrence
import Testing

@testable import SubmissionHost

@Suite struct InterfaceSourceTests {
  /// Two inputs (one named like a keyword), an output beyond the state, a scalar, a constant, samples in rows.
  static let odd = CellInterface(
    cellName: "Odd", layout: .rows,
    inputs: [.init(name: "x", symbol: "x", axes: ["D"]), .init(name: "in", symbol: "in", axes: ["E"])],
    states: [.init(name: "h", symbol: "h", axes: ["H"])], outputs: [.init(name: "y", symbol: "y", axes: ["K"])],
    parameters: [.init(name: "W", symbol: "W", axes: ["D", "H"]), .init(name: "alpha", symbol: #"\alpha"#, axes: [])],
    constants: [.init(name: "c", value: 8)], hasSequence: true)

  @Test func aStepCell() {
    var interface = RNN.interface
    interface.hasSequence = false
    #expect(
      interface.interfaceSource == """
        // What the cell RNN takes and gives, made from the exercise's sheet. Read it, write in Cell.swift:
        // unroll compiles its own copy of this file, so a change here has no effect on the grade.
        //
        // A sample is a column; N is the number of samples in the batch.

        import CellKit

        /// What a step hands to the next.
        struct State {
          /// `h`: H × N
          var h: Matrix
        }

        /// What a step computes: its states.
        typealias Output = State

        /// What is learned, shared by all steps.
        struct Parameters {
          /// `W`: H × D
          var W: Matrix
          /// `U`: H × H
          var U: Matrix
          /// `b`: H × 1
          var b: Matrix
        }

        /// The gradients of the loss by everything that went into one step; each has the shape of what it belongs to.
        ///
        /// `Gradients()` starts with every block not set. Fill in one at a time: a block that is right earns its points.
        struct Gradients {
          /// By `x`: D × N
          var x: Matrix = .notSet
          /// By the states of the step before.
          var previous = State(h: .notSet)
          /// By `W`: H × D
          var W: Matrix = .notSet
          /// By `U`: H × H
          var U: Matrix = .notSet
          /// By `b`: H × 1
          var b: Matrix = .notSet
        }

        /// One step of the cell, and its reverse.
        protocol Cell {
          /// What the forward step keeps for the backward step; yours to choose.
          associatedtype Cache

          /// Computes one step.
          static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache)

          /// Computes the gradients of one step.
          ///
          /// `upstream.h`: the gradient of the loss that reaches each output from
          /// outside this step (its own loss and the next step). Paths between outputs inside the step are yours to add.
          static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients
        }

        /// The softmax over the features of each sample, that is of each column.
        func softmax(_ a: Matrix) -> Matrix { softmaxOfColumns(a) }

        """)
  }

  @Test func severalInputsComeAsOneStruct() {
    let text = Self.odd.interfaceSource
    #expect(
      text.contains("struct Input {\n  /// `x`: N × D\n  var x: Matrix\n  /// `in`: N × E\n  var `in`: Matrix\n}"))
    #expect(text.contains("  var input = Input(x: .notSet, in: .notSet)"))
    #expect(text.contains("static func forward(_ input: Input, _ previous: State, _ p: Parameters) -> (Output, Cache)"))
    #expect(text.contains("static func forwardThroughTime(_ input: [Input], _ initial: State, _ p: Parameters)"))
  }

  @Test func outputsScalarsAndConstants() {
    let text = Self.odd.interfaceSource
    #expect(text.contains("struct Output {\n  /// `h`: N × H\n  var h: Matrix\n  /// `y`: N × K\n  var y: Matrix\n"))
    #expect(text.contains("/// `\\alpha`: 1 × 1\n"))
    #expect(text.contains("enum Constants {\n  static let c: Double = 8.0\n}"))
    #expect(text.contains("{ softmaxOfRows(a) }"))
  }
}
