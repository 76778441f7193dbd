// The graph of two steps as a drawing, laid out by Graphviz.

import Formula
import FoundationEssentials
import Markdown
import Sheets
import Subprocess
import SystemPackage

extension Walk {
  /// The name of a quantity in the drawing and on the page.
  package static func id(_ place: Place) -> String { "n\(place.node)_\(place.step)" }

  /// The name of an arrow in the drawing and on the page.
  package static func id(_ arrow: Arrow) -> String { "\(id(arrow.tail))_\(id(arrow.head))" }

  /// The graph in Graphviz's language: a box for each step, an arrow from each quantity to those that use it, with its
  /// local factor.
  package var graphviz: String {
    var lines = [
      "digraph {", "rankdir=LR; bgcolor=transparent; nodesep=0.18; ranksep=0.35; fontname=\"sans-serif\"; fontsize=13;",
      "node [shape=box, style=rounded, height=0.3, width=0.3, margin=\"0.08,0.03\", fontname=\"sans-serif\", fontsize=14];",
      "edge [arrowsize=0.6, fontname=\"sans-serif\", fontsize=10];",
    ]
    for step in 0...Self.steps {
      if step > 0 { lines.append("subgraph cluster_\(step) { label=\"t = \(step)\"; labeljust=l; style=rounded;") }
      for (place, _) in values where place.step == step {
        lines.append(
          "\"\(Self.id(place))\" [id=\"\(Self.id(place))\", label=<\(Self.label(latex(place)))>];")
      }
      if step > 0 { lines.append("}") }
    }
    let factors = Dictionary(adjoints.flatMap(\.terms).map { ($0.arrow, $0.factor) }) { first, _ in first }
    for arrow in arrows {
      let label = (factors[arrow] ?? nil).map { ", label=\"\(Words.number($0))\"" } ?? ""
      lines.append("\"\(Self.id(arrow.tail))\" -> \"\(Self.id(arrow.head))\" [id=\"\(Self.id(arrow))\"\(label)];")
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// A name such as `a_{f,1}` with its index below the line, as Graphviz writes that.
  private static func label(_ latex: String) -> String {
    let parts = latex.split(separator: "_", maxSplits: 1).map { MathText.line(String($0)).escapedForHTML }
    return parts[0] + (parts.count > 1 ? "<SUB><FONT POINT-SIZE=\"10\">\(parts[1])</FONT></SUB>" : "")
  }
}

/// Graphviz, which lays out the graph of a cell.
public enum Graphviz {
  /// Why there is no drawing.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// What went wrong, in Graphviz's own words where it has some.
    public let description: String
  }

  /// The path of `dot`.
  ///
  /// - Throws: a `Failure` where it is not installed.
  public static func path() async throws(Failure) -> String {
    do { return try await Executable.name("dot").resolveExecutablePath(in: .inherit).string } catch {
      throw Failure(description: "Graphviz is not installed; install graphviz")
    }
  }

  /// A graph as an SVG element that takes its colours from the page.
  ///
  /// - Throws: a `Failure` where `dot` is not installed or draws nothing.
  package static func svg(_ graph: String) async throws(Failure) -> String {
    let drawn: String
    do {
      let result = try await Subprocess.run(
        .path(FilePath(try await path())), arguments: ["-Tsvg"], input: .string(graph), output: .string(limit: 1 << 22),
        error: .string(limit: 1 << 16))
      guard result.terminationStatus.isSuccess else {
        throw Failure(description: "dot drew nothing: \(result.standardError.prefix(400))")
      }
      drawn = result.standardOutput
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(description: "Graphviz cannot be started; install graphviz")
    }
    guard let start = drawn.firstRange(of: "viewBox=") else { throw Failure(description: "dot drew no SVG") }
    // Its size on the page and its colours are the page's matter; its titles would pop up as names of nodes.
    var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" " + drawn[start.lowerBound...]
    for word in [
      " xmlns:xlink=\"http://www.w3.org/1999/xlink\"", " xmlns=\"http://www.w3.org/2000/svg\">", " stroke=\"black\"",
      " fill=\"black\"",
    ] {
      svg = svg.replacing(word, with: word.hasSuffix(">") ? ">" : "")
    }
    return without(without(svg, from: "<title>", to: "</title>\n"), from: "<!--", to: "-->\n").trimmed
  }

  /// A text without what stands between two marks, and without the marks.
  private static func without(_ text: String, from opening: String, to closing: String) -> String {
    var rest = text[...]
    var kept = ""
    while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing) {
      kept += rest[..<start.lowerBound]
      rest = rest[end.upperBound...]
    }
    return kept + rest
  }
}
