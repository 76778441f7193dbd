// Equations between single entries: read over the axes that their letters run over, and decided as whole matrices are.

import Derivation
import Diagnostics
import Foundation
import Sheets
import Testing

@Suite struct EntryTests {
  private static func report(_ exercise: String, _ text: String) throws -> DerivationReport {
    let sheet = try CorpusEntry.sheet(exercise)
    let task = try #require(sheet.tasks.first { $0.kind == .derivation })
    return try DerivationChecker(cell: try #require(sheet.cell), goals: task.goals, given: task.given)
      .check(SourceText(name: "derivation.md", text: text), seed: 1)
  }

  static let pairs: [NotationTests.Pair] = [
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial h_{t,i}}{\partial h_{t-1,j}} = (1 - h_{t,i}^2)\, u_{ij}$$"#,
      wrong: #"$$\frac{\partial h_{t,i}}{\partial h_{t-1,j}} = (1 - h_{t,i}^2)\, u_{ji}$$"#),
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial h_{t,i}}{\partial h_{t-1,j}} = (1 - h_{t,i}^2) U_{ij}$$"#,
      wrong: #"$$\frac{\partial h_{t,i}}{\partial h_{t-1,j}} = 1 - h_{t,i}^2 U_{ij}$$"#),
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial [h_t]_i}{\partial [h_{t-1}]_j} = (1 - [h_t]_i^2) [U]_{ij}$$"#,
      wrong: #"$$\frac{\partial [h_t]_i}{\partial [h_{t-1}]_j} = (1 - [h_t]_j^2) [U]_{ij}$$"#),
    NotationTests.Pair(
      "rnn-bptt",
      #"$$\frac{\partial L_t}{\partial u_{ij}} = \sum_{k=1}^{t} \left[\frac{\partial L_t}{\partial z_k}\right]_i [h_{k-1}]_j$$"#,
      wrong:
        #"$$\frac{\partial L_t}{\partial u_{ij}} = \sum_{k=1}^{t} \left[\frac{\partial L_t}{\partial z_k}\right]_j [h_{k-1}]_i$$"#
    ),
    NotationTests.Pair(
      "rnn-bptt", #"$$[z_t]_i = \sum_j u_{ij} [h_{t-1}]_j + \sum_{j=1}^{D} w_{ij} [x_t]_j + b_i$$"#,
      wrong: #"$$[z_t]_i = \sum_j u_{ji} [h_{t-1}]_j + \sum_{j=1}^{D} w_{ij} [x_t]_j + b_i$$"#),
    NotationTests.Pair(
      "rnn-bptt",
      #"$$\frac{\partial L}{\partial h_{t,j}} = \frac{\partial L_t}{\partial h_{t,j}} + \sum_i u_{ij} \frac{\partial L}{\partial z_{t+1,i}}$$"#,
      wrong:
        #"$$\frac{\partial L}{\partial h_{t,j}} = \frac{\partial L_t}{\partial h_{t,j}} + \sum_i u_{ji} \frac{\partial L}{\partial z_{t+1,i}}$$"#
    ),
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial^+ z_k}{\partial u_{ij}} = \mathbb{I}_i([h_{k-1}]_j)$$"#,
      wrong: #"$$\frac{\partial^+ z_k}{\partial u_{ij}} = \mathbb{I}_j([h_{k-1}]_i)$$"#),
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial^+ z_k}{\partial u_{ij}} = [0, \cdots, [h_{k-1}]_j, \cdots, 0]$$"#,
      wrong: #"$$\frac{\partial^+ z_k}{\partial u_{ij}} = [0, \cdots, [h_k]_j, \cdots, 0]$$"#),
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial^+ z_{t,l}}{\partial u_{ij}} = \delta_{il} h_{t-1,j}$$"#,
      wrong: #"$$\frac{\partial^+ z_{t,l}}{\partial u_{ij}} = \delta_{jl} h_{t-1,i}$$"#),
    NotationTests.Pair(
      "rnn-bptt", #"$$\frac{\partial^+ z_{t,l}}{\partial u_{ij}} = \mathbf{1}_{i = l} [h_{t-1}]_j$$"#,
      wrong: #"$$\frac{\partial^+ z_{t,l}}{\partial u_{ij}} = [h_{t-1}]_i \mathbf{1}_{l = j}$$"#),
    NotationTests.Pair(
      "rnn-bptt",
      #"$$\frac{\partial h_{t,i}}{\partial u_{jl}} = (1 - h_{t,i}^2) \left(\delta_{ij} h_{t-1,l} + \sum_{m=1}^{H} u_{im} \frac{\partial h_{t-1,m}}{\partial u_{jl}}\right)$$"#,
      wrong:
        #"$$\frac{\partial h_{t,i}}{\partial u_{jl}} = (1 - h_{t,i}^2) \left(\delta_{ij} h_{t-1,l} + \sum_{m=1}^{H} u_{mi} \frac{\partial h_{t-1,m}}{\partial u_{jl}}\right)$$"#
    ),
    NotationTests.Pair(
      "nndl-6-4",
      #"$$\frac{\partial L}{\partial [a_{i,t}]_j} = \frac{\partial L}{\partial i_{t,j}} i_{t,j} (1 - i_{t,j})$$"#,
      wrong: #"$$\frac{\partial L}{\partial [a_{i,t}]_j} = \frac{\partial L}{\partial i_{t,j}} (1 - i_{t,j})$$"#),
    NotationTests.Pair(
      "nndl-6-4", #"$$\frac{\partial L}{\partial c_{t,i}} = \frac{\partial L}{\partial [c_t]_i}$$"#,
      wrong: #"$$\frac{\partial L}{\partial c_{t,i}} = \frac{\partial L}{\partial [h_t]_i}$$"#),
  ]

  @Test("an equation of entries holds, and its wrong twin does not", arguments: pairs)
  func entries(_ pair: NotationTests.Pair) throws {
    let right = try Self.report(pair.exercise, pair.right).chains
    let link = try #require(right.flatMap(\.links).last)
    #expect(link.verdict == .holds, "\(link.read): \(link.text.english)")
    for note in right.flatMap(\.notes) { #expect(note.english != note.chinese, "\(note.english)") }
    let wrong = try #require(try Self.report(pair.exercise, pair.wrong).chains.flatMap(\.links).last)
    #expect(wrong.verdict == .doesNotHold, "\(wrong.read): \(wrong.text.english)")
  }

  @Test(
    "what has no one reading as an entry is refused",
    arguments: [
      // Both letters may be the step.
      #"$$\frac{\partial L}{\partial h_{i,j}} = h_{i,j}$$"#,
      // A letter that stands twice is not summed by itself.
      #"$$[z_t - b]_i = u_{ij} [h_{t-1}]_j + [W x_t]_i$$"#,
      // One letter as a step and as a place.
      #"$$\frac{\partial L}{\partial u_{ik}} = \sum_{k=1}^T [\frac{\partial L}{\partial z_k}]_i [h_{k-1}]_k$$"#,
      // Two axes of different length.
      #"$$[z_t]_i = \sum_j w_{ij} [h_{t-1}]_j$$"#,
      // A matrix has two places, a vector one.
      #"$$[U]_i = [h_t]_i$$"#,
      #"$$[h_t]_{ij} = u_{ij}$$"#,
      #"$$[z_t]_i = \sum_{j=1}^{D} u_{ij} [h_{t-1}]_j$$"#,
    ])
  func refusals(_ text: String) throws {
    let links = try Self.report("rnn-bptt", text).chains.flatMap(\.links)
    #expect(links.map(\.verdict) == [.notUnderstood], "\(links.map { "\($0.verdict) \($0.text.english)" })")
  }

  /// NNDL, equations 6.30 to 6.39, as they are printed.
  private static let printed = #"""
    $$\frac{\partial L}{\partial U} = \sum_{t=1}^{T} \frac{\partial L_t}{\partial U}$$

    $$\frac{\partial L_t}{\partial u_{ij}} = \sum_{k=1}^{t} \frac{\partial^+ z_k}{\partial u_{ij}} \frac{\partial L_t}{\partial z_k}$$

    $$\frac{\partial^+ z_k}{\partial u_{ij}} = [0, \cdots, [h_{k-1}]_j, \cdots, 0] \triangleq \mathbb{I}_i([h_{k-1}]_j)$$

    $$\delta_{t,k} = \frac{\partial L_t}{\partial z_k} = \frac{\partial h_k}{\partial z_k} \frac{\partial z_{k+1}}{\partial h_k} \frac{\partial L_t}{\partial z_{k+1}} = \operatorname{diag}(f'(z_k)) U^\top \delta_{t,k+1}$$

    $$\delta_{t,t} = \operatorname{diag}(f'(z_t)) \frac{\partial L_t}{\partial h_t}$$

    $$\frac{\partial L_t}{\partial u_{ij}} = \sum_{k=1}^{t} [\delta_{t,k}]_i [h_{k-1}]_j$$

    $$\frac{\partial L_t}{\partial U} = \sum_{k=1}^{t} \delta_{t,k} h_{k-1}^\top$$

    $$\frac{\partial L}{\partial U} = \sum_{t=1}^{T} \sum_{k=1}^{t} \delta_{t,k} h_{k-1}^\top$$
    """#

  @Test("the printed equations of the book hold") func theBook() throws {
    let report = try Self.report("rnn-bptt", Self.printed)
    for link in report.chains.flatMap(\.links) {
      #expect(link.verdict == .holds || link.verdict == .definition, "\(link.read): \(link.text.english)")
    }
    #expect(report.goals.first { $0.latex == #"\frac{\partial L}{\partial U}"# }?.earned == true)
  }

  @Test("all entries of a derivative state the whole of it") func goals() throws {
    let recursion =
      #"$$\frac{\partial L}{\partial z_t} = (1 - h_t^2) \odot (\frac{\partial L_t}{\partial h_t} + U^\top \frac{\partial L}{\partial z_{t+1}})$$ "#
    let text =
      recursion + #"$$\frac{\partial L}{\partial u_{ij}} = \sum_t [\frac{\partial L}{\partial z_t}]_i [h_{t-1}]_j$$"#
    let earned = try Self.report("rnn-bptt", text).goals.filter(\.earned).map(\.latex)
    #expect(earned == [#"\frac{\partial L}{\partial U}"#])
    // The diagonal alone is not the whole.
    let part =
      recursion + #"$$\frac{\partial L}{\partial u_{ii}} = \sum_t [\frac{\partial L}{\partial z_t}]_i [h_{t-1}]_i$$"#
    #expect(try Self.report("rnn-bptt", part).goals.filter(\.earned).isEmpty)
    let alone = #"$$\frac{\partial L}{\partial u_{ij}} = \sum_t [\frac{\partial L}{\partial z_t}]_i [h_{t-1}]_j$$"#
    #expect(try Self.report("rnn-bptt", alone).goals.filter(\.earned).isEmpty)
  }
}
