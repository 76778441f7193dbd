// Every primitive against mpmath: values and derivatives, in saturation, at infinities and at NaN.

import CellKit
import Diagnostics
import Formula
import Foundation
import Recurrence
import TestSupport
import Testing

/// A number of the golden tables; JSON has no NaN and no infinities.
struct GoldenNumber: Decodable, Sendable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
    } else {
      value = try #require(Double(try container.decode(String.self)))
    }
  }
}

/// One primitive with what mpmath says of it (Tests/Golden/primitives/make.py).
struct GoldenPrimitive: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let equation: String
  /// The arguments, the value, the derivative by each argument.
  let rows: [[GoldenNumber]]

  var testDescription: String { name }

  func column(_ index: Int) -> [Double] { rows.map { $0[index].value } }

  struct Tables: Decodable {
    let functions: [GoldenPrimitive]
    let pairs: [GoldenPrimitive]
    /// A vector, a gradient, the softmax, and what it hands back.
    let softmax: [[[GoldenNumber]]]
  }

  static let tables: Tables? = {
    let url = Repository.tests.appending(path: "Golden/primitives/primitives.json")
    return (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode(Tables.self, from: $0) }
  }()

  static let all: [GoldenPrimitive] = tables.map { $0.functions + $0.pairs } ?? []

  static func named(_ name: String) throws -> GoldenPrimitive { try #require(all.first { $0.name == name }) }
}

/// The distance of two numbers in units in the last place of the second; 0 where both are NaN.
func unitsInTheLastPlace(_ received: Double, _ expected: Double) -> Double {
  if received.isNaN || expected.isNaN { return received.isNaN && expected.isNaN ? 0 : .infinity }
  if received == expected { return 0 }
  guard received.isFinite, expected.isFinite else { return .infinity }
  return abs(received - expected) / expected.ulp
}

@Suite struct PrimitiveTests {
  /// The same cell with all steps planned at once, and node by node.
  static let ways = [false, true]

  /// What a cell with inputs x, y of one size gives, and what comes back by each input where the gradient by h is `upstream`.
  private func run(
    _ equations: String, _ inputs: [[Double]], upstream: [Double]? = nil, nodeByNode: Bool, parameters: [Matrix] = []
  ) throws -> (value: [Double], gradients: [[Double]]) {
    let source = SourceText(name: "cell", text: equations)
    let range = 0..<0
    var declaration = CellDeclaration(name: "Primitive", source: source, range: range)
    declaration.sizes = ["H": 1, "N": 1]
    declaration.layout = .columns
    declaration.inputs = ["x", "y"].prefix(inputs.count).map { Declaration(symbol: $0, axes: ["H"], range: range) }
    declaration.states = [Declaration(symbol: "h", axes: ["H"], range: range)]
    declaration.parameters = parameters.indices.map {
      Declaration(symbol: ["W", "U"][$0], axes: ["H", "H"], range: range)
    }
    let cell = try Cell(declaration, forward: [SourceExcerpt(source)])
    // A softmax goes over a sample's features; everything else over entries, of which a batch of one feature has as many.
    let isVector = upstream != nil
    let (rows, columns) = isVector ? (inputs[0].count, 1) : (1, inputs[0].count)
    func block(_ elements: [Double]) -> Matrix { Matrix(rows: rows, columns: columns, elements: elements) }
    let value = Case(
      parameters: parameters, inputs: inputs.map { [block($0)] }, initial: [.zeros(rows, columns)],
      upstream: [[block(upstream ?? inputs[0].map { _ in 1 })]])
    let sizes = Sizes(["H": rows, "N": columns], steps: 1)
    if nodeByNode {
      let tape = Tape(cell, sizes: sizes, value)
      let node = cell.graph.results[0]
      let seed = Tape.Seed(node: node, step: 1, gradient: try #require(value.upstream[0][0]))
      let table = tape.adjoints([seed], from: 1)
      return (
        tape.value(node, at: 1).elements,
        try cell.graph.inputs.map { tape.adjoint(try #require($0), at: 1, in: table).elements }
      )
    }
    let recurrence = Recurrence(cell, sizes: sizes)
    recurrence.forward(value)
    let gradients = recurrence.backward(value.upstream)
    return (recurrence.outputs()[0][0].elements, gradients.inputs.map { $0[0].elements })
  }

  /// - Parameter terms: the size of what is added up where the result is near 0 and its last places are the terms'.
  private func expectSame(
    _ received: [Double], _ expected: [Double], at rows: [[Double]], _ what: String, terms: Double = 0
  ) {
    #expect(received.count == expected.count)
    for (index, pair) in zip(received, expected).enumerated() {
      let error = unitsInTheLastPlace(pair.0, pair.1)
      let isNearRoot = (-3..<0).contains(rows[index][0]) && abs(pair.0 - pair.1) <= 8 * terms.ulp
      #expect(error <= 8 || isNearRoot, "\(what) at \(rows[index]): \(pair.0), expected \(pair.1)")
    }
  }

  @Test("the golden table: every primitive is there, with saturation and NaN")
  func tables() throws {
    #expect(GoldenPrimitive.all.count == 20)
    for golden in GoldenPrimitive.all {
      #expect(golden.rows.contains { $0[0].value.isNaN }, "\(golden.name)")
    }
    let slopes = try GoldenPrimitive.named("tanh").column(2).filter { $0 > 0 }
    #expect(slopes.contains { $0 < 1e-300 })
  }

  @Test(
    "value and derivatives of a primitive: those of mpmath, to 8 units in the last place",
    arguments: GoldenPrimitive.all, ways)
  func agreesWithMpmath(_ golden: GoldenPrimitive, nodeByNode: Bool) throws {
    let operands = golden.rows[0].count / 2
    let arguments = golden.rows.map { $0.prefix(operands).map(\.value) }
    let (value, gradients) = try run(
      golden.equation, (0..<operands).map(golden.column), nodeByNode: nodeByNode)
    expectSame(value, golden.column(operands), at: arguments, "value")
    for operand in 0..<operands {
      expectSame(
        gradients[operand], golden.column(operands + 1 + operand), at: arguments, "derivative \(operand)",
        // GELU' and SiLU' are sums of two terms that cancel at one place.
        terms: ["gelu", "silu"].contains(golden.name) ? 0.2 : 0)
    }
  }

  /// The pre-activation is a sum of products with parameters, whose memory the planned run uses again.
  @Test(
    "σ and tanh of a pre-activation: the derivatives of mpmath in saturation", arguments: ["sigmoid", "tanh"], ways)
  func gates(_ name: String, nodeByNode: Bool) throws {
    let golden = try GoldenPrimitive.named(name)
    let rows = golden.rows.filter { $0[0].value.isFinite }
    let function = name == "tanh" ? "\\tanh" : "\\sigma"
    let (value, gradients) = try run(
      "z_t = W x_t + U h_{t-1}\nh_t = \(function)(z_t)", [rows.map { $0[0].value }], nodeByNode: nodeByNode,
      parameters: [Matrix([[1]]), Matrix([[1]])])
    let arguments = rows.map { [$0[0].value] }
    expectSame(value, rows.map { $0[1].value }, at: arguments, "value")
    expectSame(gradients[0], rows.map { $0[2].value }, at: arguments, "derivative")
  }

  @Test("two functions of one pre-activation: each keeps its own derivative", arguments: ways)
  func sharedArgument(nodeByNode: Bool) throws {
    let (sigmoid, tanh) = (try GoldenPrimitive.named("sigmoid"), try GoldenPrimitive.named("tanh"))
    let places = sigmoid.rows.indices.filter { sigmoid.rows[$0][0].value.isFinite && sigmoid.rows[$0][0].value < 300 }
    let arguments = places.map { sigmoid.rows[$0][0].value }
    let (_, gradients) = try run(
      "z_t = W x_t + U h_{t-1}\nh_t = \\tanh(z_t) + 2 \\sigma(z_t)", [arguments], nodeByNode: nodeByNode,
      parameters: [Matrix([[1]]), Matrix([[1]])])
    let expected = places.map { tanh.rows[$0][2].value + 2 * sigmoid.rows[$0][2].value }
    expectSame(gradients[0], expected, at: arguments.map { [$0] }, "derivative")
  }

  @Test("softmax: values and gradients of mpmath in saturation, NaN where an entry is", arguments: ways)
  func softmax(nodeByNode: Bool) throws {
    for row in try #require(GoldenPrimitive.tables).softmax {
      let (x, upstream, value, back) = (
        row[0].map(\.value), row[1].map(\.value), row[2].map(\.value), row[3].map(\.value)
      )
      let result = try run("h_t = \\operatorname{softmax}(x_t)", [x], upstream: upstream, nodeByNode: nodeByNode)
      for (received, expected) in zip(result.value, value) {
        // exp of the difference of two large numbers has the rounding error of the difference.
        #expect(unitsInTheLastPlace(received, expected) <= 300, "value at \(x): \(received), expected \(expected)")
      }
      let scale = zip(back, value).map { abs($0) + $1 * 1e-16 }
      for (index, pair) in zip(result.gradients[0], back).enumerated() {
        #expect(
          pair.0.isNaN == pair.1.isNaN && !(abs(pair.0 - pair.1) > 1e-13 * max(scale[index], abs(pair.1))),
          "gradient at \(x): \(pair.0), expected \(pair.1)")
      }
    }
  }

  @Test("the mean of a vector with an infinity: infinite, not NaN", arguments: ways)
  func mean(nodeByNode: Bool) throws {
    let (value, _) = try run(
      "m_t = \\operatorname{mean}(x_t)\nh_t = m_t + 0 x_t", [[1, 2, 6]], upstream: [1, 1, 1], nodeByNode: nodeByNode)
    #expect(value == [3, 3, 3])
    let infinite = try run(
      "m_t = \\operatorname{mean}(x_t)\nh_t = y_t + m_t", [[1, .infinity, 6], [0, 0, 0]], upstream: [1, 1, 1],
      nodeByNode: nodeByNode)
    #expect(infinite.value == [.infinity, .infinity, .infinity])
  }
}

@Suite struct RuleTests {
  /// The rules by which residues have their functions, over doubles and against mpmath where nothing saturates.
  @Test(arguments: (GoldenPrimitive.tables?.functions ?? []).filter { Formula.Function(rawValue: $0.name) != nil })
  func ruleIsTheFunction(_ primitive: GoldenPrimitive) throws {
    guard let function = Formula.Function(rawValue: primitive.name) else { return }
    guard let rule: Rule<Double> = function.rule(RealFunctions.shared) else {
      Issue.record("\(function) has no rule")
      return
    }
    var seen = 0
    for row in primitive.rows.map({ $0.map(\.value) }) where abs(row[0]) <= 5 && row[0] != 0 && row[1].isFinite {
      seen += 1
      let value = rule.value(row[0])
      #expect(abs(value - row[1]) <= 1e-12 * max(1, abs(row[1])), "\(function)(\(row[0]))")
      if row[2].isFinite {
        let slope = rule.slope(row[0], value)
        #expect(abs(slope - row[2]) <= 1e-10 * max(1, abs(row[2])), "\(function)'(\(row[0]))")
      }
    }
    #expect(seen >= 3)
  }
}
