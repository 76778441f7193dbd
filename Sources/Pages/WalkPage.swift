// A walk through two steps as a page's template wants it: the drawing, and a list that says everything in full.

import CellKit
import Diagnostics
import Formula
import Recurrence
import Sheets

extension Walk {
  /// What the template `walk` takes.
  ///
  /// - Parameter drawing: the graph as SVG; nil where it could not be drawn.
  func page(_ words: Words, drawing: String?) -> [String: Any] {
    let observed = cell.quantities.results[self.observed].name
    let size = values.first { $0.place.node == cell.graph.results[self.observed] }?.value.elements.count ?? 1
    let loss = (1...Self.steps).map { observed.latex(time: "\($0)") + (size > 1 ? "[1]" : "") }.joined(separator: " + ")
    var page: [String: Any] = [
      "summary": words.walkWord, "caption": words.walkCaption, "loss": "L = \(loss)",
      "forwardWord": words.forwardWord, "backwardWord": words.backwardWord, "count": values.count + 1,
      "forward": values.map(forward), "backward": adjoints.map(backward),
      "listWord": words.wholeList, "previous": words.stepBack, "next": words.stepOn, "first": words.stepFirst,
    ]
    page["entry"] = size > 1 ? words.firstEntry : words.fullStop
    if let drawing { page["drawing"] = drawing }
    return page
  }

  private func forward(_ place: Place, _ value: Matrix) -> [String: Any] {
    let sources = arrows.filter { $0.head == place }
    var item: [String: Any] = [
      "latex": "\(latex(place)) = \(Self.latex(value))",
      "lights": ([Self.id(place)] + sources.map(Self.id)).joined(separator: " "),
    ]
    if let equation = equation(of: place) { item["rule"] = equation }
    return item
  }

  private func backward(_ adjoint: Adjoint) -> [String: Any] {
    let name = latex(adjoint.place)
    var sum = adjoint.own.map { ["\\underset{L}{\(Self.latex($0))}"] } ?? []
    sum += adjoint.terms.map { term in
      let head = adjoints.first { $0.place == term.arrow.head }?.value
      let value =
        if let factor = term.factor, let head, head.elements.count == 1 {
          "\(Self.bracketed(head.elements[0])) \\cdot \(Self.bracketed(factor))"
        } else if term.value.elements.count == 1 {
          Self.bracketed(term.value.elements[0])
        } else { Self.latex(term.value) }
      return "\\underset{\(latex(term.arrow.head))}{\(value)}"
    }
    let isWorkedOut = sum.count > 1 || adjoint.terms.contains { $0.factor != nil }
    var right = sum.isEmpty ? [] : [sum.joined(separator: " + ")]
    if sum.isEmpty || isWorkedOut { right.append(Self.latex(adjoint.value)) }
    return [
      "latex": "\\frac{\\partial L}{\\partial \(name)} = " + right.joined(separator: " = "),
      "lights": ([Self.id(adjoint.place)] + adjoint.terms.map { Self.id($0.arrow) }).joined(separator: " "),
      "meets": sum.count > 1,
    ]
  }

  private static func bracketed(_ number: Double) -> String {
    let text = Words.number(number)
    return text.hasPrefix("-") ? "(\(text))" : text
  }

  private static func latex(_ value: Matrix) -> String {
    value.elements.count == 1
      ? Words.number(value.elements[0]) : "(" + value.elements.map(Words.number).joined(separator: ",\\, ") + ")"
  }
}
