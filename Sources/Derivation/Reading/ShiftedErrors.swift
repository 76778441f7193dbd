// Errors that a text writes with the name of a value and that are, by what the text says they are, errors of the argument of the
// function that makes it: `\\delta f_t = … f_t (1 - f_t)`.

import Diagnostics
import Formula
import Recurrence

/// The errors of a text that belong to arguments of functions.
struct ShiftedErrors {
  /// The quantities whose names they carry, with the arguments.
  private(set) var all: [Name: Name] = [:]
  private let lines: [(name: Name, number: Int, place: Int)]

  /// - Parameters:
  ///   - paper: the text.
  ///   - verdicts: of each of its chains the verdict of the first link, under the convention.
  ///   - verdictsUnder: the same under some of these errors.
  init(_ paper: Paper, cell: Cell, verdicts: [LinkVerdict?], verdictsUnder: ([Name: Name]) -> [LinkVerdict?]) {
    var lines: [(name: Name, number: Int, place: Int)] = []
    for line in paper.lines where line.layer == nil {
      guard let sign = line.statement.signs.first, sign.relation == .equal, !sign.isAccumulated,
        case .analysis(.derivative(let derivative))? = line.statement.members[0].expression?.kind, derivative.isError
      else { continue }
      lines.append((derivative.by.name, line.number, line.statement.range.lowerBound))
    }
    self.lines = lines
    var found: [Name: Name] = [:]
    for line in lines where verdicts.indices.contains(line.number) {
      let verdict = verdicts[line.number]
      guard verdict == .doesNotHold || verdict == .follows, let argument = Self.argument(of: line.name, in: cell) else {
        continue
      }
      found[line.name] = argument
    }
    // What the text says of such an error must be true of the argument, in each of its lines.
    while !found.isEmpty {
      let trial = verdictsUnder(found)
      let refuted = found.keys.filter { name in
        lines.contains { $0.name == name && (!trial.indices.contains($0.number) || trial[$0.number] != .holds) }
      }
      guard !refuted.isEmpty else { break }
      for name in refuted { found[name] = nil }
    }
    all = found
  }

  /// What a function by element acts on to make a quantity; nil where none makes it alone.
  private static func argument(of name: Name, in cell: Cell) -> Name? {
    guard let equation = cell.equations.first(where: { $0.left.count == 1 && $0.left[0].name == name }),
      case .call(let function, 0, let arguments) = equation.right.kind, function.isElementwise, arguments.count == 1,
      case .symbol(let argument) = arguments[0].kind, argument.times == equation.left[0].times
    else { return nil }
    return argument.name
  }

  /// What a person is told.
  func told(_ source: SourceText) -> [DerivationReport.Reading] {
    all.keys.sorted { $0.latex < $1.latex }.compactMap { name in
      guard let line = lines.first(where: { $0.name == name }) else { return nil }
      let shown = name.latex(time: "t")
      return DerivationReport.Reading(
        line: source.position(at: line.place).line,
        text: Wording(
          "the error of `\(shown)` is the derivative with respect to the argument of the function that makes `\(shown)`, not with respect to `\(shown)` itself (found by its value)",
          "`\(shown)` 的误差项是对得出 `\(shown)` 的函数的自变量的导数，而不是对 `\(shown)` 本身的导数（由取值得知）"))
    }
  }
}
