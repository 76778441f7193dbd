// One type checker: small expressions in an equation of a sheet and in a line of a derivation get the same answer.

import Derivation
import Diagnostics
import Sheets
import Testing

/// An expression, and what is said of it.
private struct Typed: Sendable, CustomStringConvertible {
  /// Who reads it.
  enum Answer: Sendable {
    case both
    /// Refused by both, in one message that holds these words.
    case refused(String)
    /// Refused by both, each by what it knows of the sizes of constants.
    case refusedByEach
    /// Has a shape, but no value that a cell can hold for each sample.
    case linesOnly(String)
  }

  let expression: String
  let columns: Answer
  let rows: Answer
  var description: String { expression }

  init(_ expression: String, _ columns: Answer, rows: Answer? = nil) {
    self.expression = expression
    self.columns = columns
    self.rows = rows ?? columns
  }
}

private let perSample = "that is a matrix for each sample, which a cell cannot hold"
private let alone = "a transposed vector stands alone here"

private let expressions: [Typed] = [
  // Products.
  Typed("U h_t", .both, rows: .refused("H×H times 1×H: H columns do not meet 1 rows")),
  Typed("h_t U", .refused("H×1 times H×H: 1 columns do not meet H rows; the other way round"), rows: .both),
  Typed("h_t^\\top U", .linesOnly(alone), rows: .refused("H×1 times H×H: 1 columns do not meet H rows")),
  Typed("U h_t^\\top", .refused("H×H times 1×H: H columns"), rows: .linesOnly(alone)),
  Typed("U x_t", .refused("H columns do not meet D rows"), rows: .refused("H columns do not meet 1 rows")),
  Typed("W U", .refused("H×D times H×H: D columns do not meet H rows"), rows: .both),
  Typed("h_t x_t", .refused("1 columns do not meet D rows"), rows: .refused("H columns do not meet 1 rows")),
  Typed("h_t^\\top f_t", .both, rows: .linesOnly(perSample)),
  Typed("h_t f_t^\\top", .linesOnly(perSample), rows: .both),
  Typed("w b^\\top", .both), Typed("\\gamma h_t", .both), Typed("\\gamma U", .both),
  Typed("o_t h_t", .both), Typed("o_t U", .linesOnly(perSample)),
  Typed("h_t f_t", .linesOnly("a product of two vectors of")),
  // By element.
  Typed("h_t \\odot f_t", .both), Typed("U \\odot U", .both), Typed("U \\odot \\gamma", .both),
  Typed("h_t \\odot x_t", .refused("`\\odot` takes equal shapes")),
  Typed("h_t \\odot U", .refused("write `\\operatorname{diag}(v) A`")),
  Typed("h_t \\odot f_t^\\top", .refused("one of them is transposed")),
  Typed("h_t^\\top \\odot f_t^\\top", .linesOnly(alone)),
  Typed("1 - h_t", .both), Typed("h_t + \\gamma", .both), Typed("h_t + o_t", .both),
  Typed("h_t + x_t", .refused("cannot be added")), Typed("h_t - x_t", .refused("cannot be subtracted")),
  Typed("h_t + f_t^\\top", .refused("one of them is transposed")),
  Typed("U + 1", .refused("a number and a matrix of H×H cannot be added; write `I`")),
  Typed("U - o_t", .refused("a number and a matrix of H×H cannot be added; write `I`")),
  Typed("I + 1", .refused("a number and `I` cannot be added")),
  Typed("1 - 2 I", .refused("a number and `I` cannot be added")),
  Typed("\\max(h_t, 0)", .both), Typed("\\max(0, U)", .both), Typed("\\max(\\gamma, U)", .both),
  Typed("\\min(h_t, f_t)", .both), Typed("\\max(h_t, x_t)", .refused("`max` takes equal shapes")),
  Typed("\\max(h_t^\\top, 0)", .linesOnly(alone)),
  Typed("h_t * f_t", .both), Typed("2 * U", .both), Typed("U * h_t", .both, rows: .refused("`*` is by element")),
  Typed("h_t * x_t", .refused("`*` is by element")),
  // Fractions and powers.
  Typed("\\frac{h_t}{f_t}", .both), Typed("\\frac{1}{f_t}", .both), Typed("\\frac{U}{2}", .both),
  Typed("\\frac{U}{\\gamma}", .both), Typed("\\frac{U}{H}", .both), Typed("\\frac{U}{o_t}", .linesOnly(perSample)),
  Typed("\\frac{U}{U}", .refused("a fraction is of numbers or by element")),
  Typed("\\frac{1}{U}", .refused("a fraction is of numbers or by element")),
  Typed("\\frac{h_t}{x_t}", .refused("a fraction is of numbers or by element")),
  Typed("\\frac{h_t}{0}", .refused("this divides by 0")),
  Typed("\\frac{I}{H} + U", .both),
  Typed("\\frac{\\mathbf 1^\\top}{H} h_t", .both, rows: .refusedByEach),
  Typed("h_t^2", .both), Typed("U^2", .both), Typed("U^{20}", .both), Typed("\\gamma^{-1}", .both),
  Typed("(h_t^\\top)^2", .linesOnly(alone)),
  Typed("h_t^{-1}", .refused("is not read; write a fraction")),
  Typed("W^2", .refused("needs a square matrix")), Typed("U^{0.5}", .refused("a whole exponent")),
  Typed("U^{-1}", .refused("an inverse of a matrix is not read")),
  Typed("\\operatorname{diag}(w)^{-1}", .refused("an inverse of a matrix is not read")),
  Typed("\\operatorname{diag}(w)^2", .both),
  // Functions.
  Typed("\\tanh(U)", .both), Typed("\\tanh(h_t^\\top)", .linesOnly(alone)),
  Typed("\\operatorname{softmax}(h_t)", .both), Typed("\\operatorname{softmax}(h_t^\\top)", .linesOnly(alone)),
  Typed("\\operatorname{softmax}(U)", .refused("`softmax` takes a vector")),
  Typed("\\operatorname{softmax}(\\gamma)", .refused("`softmax` takes a vector")),
  Typed("\\operatorname{sum}(h_t)", .both), Typed("\\operatorname{sum}(h_t^\\top)", .both),
  Typed("\\operatorname{mean}(h_t^\\top)", .both), Typed("\\operatorname{sum}(U)", .refused("`sum` takes a vector")),
  Typed("\\operatorname{sg}(h_t^\\top)", .linesOnly(alone)),
  Typed("\\operatorname{diag}(h_t) f_t", .both, rows: .refused("H×H times 1×H")),
  Typed("f_t \\operatorname{diag}(h_t)", .refused("H×1 times H×H"), rows: .both),
  Typed("\\operatorname{diag}(w^\\top)", .both), Typed("\\operatorname{diag}(w) U", .both),
  Typed("\\operatorname{diag}(\\mathbf 1) U", .both),
  Typed("\\operatorname{diag}(w) + I", .both), Typed("\\operatorname{diag}(w) + U", .both),
  Typed("\\operatorname{diag}(U)", .refused("`diag` takes a vector and makes a matrix; this is H×H")),
  Typed("\\operatorname{diag}(2)", .refused("`diag` takes a vector and makes a matrix; this is a number")),
  // Blocks.
  Typed("[h_t; x_t]", .both), Typed("[h_t, x_t]", .both), Typed("[h_t; o_t]", .both), Typed("[U, U; U, U]", .both),
  Typed("[h_t, x_t; f_t, h_t]", .refused("vectors stand in one row or one column of a block")),
  Typed("[U, W]", .both, rows: .refused("parts beside each other have equally many rows; here are H×H and D×H")),
  Typed("[U; W]", .refused("parts on top of each other have equally many columns"), rows: .both),
  // Constants.
  Typed("(I + U) h_t", .both, rows: .refused("H×H times 1×H")), Typed("I + U", .both),
  Typed("U + \\mathbf 1 \\mathbf 1^\\top", .both), Typed("\\mathbf 1 - h_t", .both),
  Typed("\\mathbf 1^\\top h_t", .both, rows: .refusedByEach),
  Typed("h_t \\mathbf 1", .linesOnly("this product with a vector of ones has no size"), rows: .both),
  Typed("\\tanh(\\mathbf 1)", .refused("nothing here says how large `\\mathbf 1` is")),
]

@Suite struct ShapeRulesTests {
  private static func sheet(rows: Bool, _ equation: String = "") throws -> Sheet {
    try Sheet(
      SourceText(
        name: "sheet.md",
        text: """
          ---
          id: shapes
          title: Shapes
          cell:
            name: Shapes
            layout: \(rows ? "rows" : "columns")
            sizes: {D: 3, H: 4, N: 2}
            input: {x: [D]}
            state: {h: [H]}
            parameters: {U: [H, H], W: \(rows ? "[D, H]" : "[H, D]"), b: [H], w: [H], '\\gamma': []}
          tasks:
            - {id: essay, kind: essay, points: 10}
          ---

          # Shapes

          ```math forward
          h_t = \\tanh(\(rows ? "h_{t-1} U + x_t W" : "U h_{t-1} + W x_t") + \\gamma b)
          f_t = \\sigma(w \\odot h_t)
          o_t = \(rows ? "h_t w^\\top" : "w^\\top h_t")
          \(equation)
          ```

          """))
  }

  /// What the reading of a sheet says of an expression; nil where it is read.
  private static func inSheet(_ expression: String, rows: Bool) -> String? {
    do { _ = try sheet(rows: rows, "q_t = \(expression)") } catch {
      return "\((error as? DiagnosticList)?.diagnostics.first?.wording.english ?? "\(error)")"
    }
    return nil
  }

  /// What the reading of a derivation says of it; nil where it is read.
  private static func inLine(_ expression: String, rows: Bool) throws -> String? {
    let cell = try #require(try sheet(rows: rows).cell)
    let text = SourceText(name: "derivation.md", text: "$$q_t := \(expression)$$\n")
    let link = try DerivationChecker(cell: cell).check(text, seed: 1).chains[0].links[0]
    return link.verdict == .definition ? nil : link.text.english
  }

  @Test(arguments: expressions)
  fileprivate func sheetsAndLinesAgree(_ typed: Typed) throws {
    for rows in [false, true] {
      let sheet = Self.inSheet(typed.expression, rows: rows)
      let line = try Self.inLine(typed.expression, rows: rows)
      switch rows ? typed.rows : typed.columns {
      case .both:
        #expect(sheet == nil && line == nil, "rows: \(rows)")
      case .refused(let words):
        #expect(sheet?.contains(words) == true && sheet == line, "rows: \(rows): \(line ?? "read")")
      case .refusedByEach:
        #expect(sheet != nil && line != nil, "rows: \(rows)")
      case .linesOnly(let words):
        #expect(sheet?.contains(words) == true && line == nil, "rows: \(rows)")
      }
    }
  }

  /// A constant of ones over a number stays a vector: this is the mean of the entries, not the vector over H.
  @Test func aFractionOfOnesIsAVector() throws {
    let cell = try #require(try Self.sheet(rows: false, "m_t = \\frac{\\mathbf 1^\\top}{H} h_t").cell)
    let text = SourceText(name: "derivation.md", text: "$$m_t = \\frac{1}{H} \\operatorname{sum}(h_t)$$\n")
    #expect(try DerivationChecker(cell: cell).check(text, seed: 1).chains[0].links[0].verdict == .holds)
  }
}
