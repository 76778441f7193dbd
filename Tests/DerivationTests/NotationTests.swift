// Notation as people write it: each right line is read and holds, and beside it stands a wrong one that no reading rescues.

import Derivation
import Diagnostics
import Foundation
import Sheets
import TestSupport
import Testing

@Suite struct NotationTests {
  /// A line, and the same with a mistake in it.
  struct Pair: Sendable, CustomStringConvertible {
    let exercise: String
    let right: String
    let wrong: String
    var description: String { right }

    init(_ exercise: String, _ right: String, wrong: String) {
      self.exercise = exercise
      self.right = right
      self.wrong = wrong
    }
  }

  private static func report(_ exercise: String, _ text: String) throws -> DerivationReport {
    let root = Repository.root
    let sheet = try Sheet(path: root.appending(path: "exercises/\(exercise)/sheet.md").path)
    let task = try #require(sheet.tasks.first { $0.kind == .derivation })
    return try DerivationChecker(cell: try #require(sheet.cell), goals: task.goals, given: task.given)
      .check(SourceText(name: "derivation.md", text: text), seed: 1)
  }

  static let pairs: [Pair] = [
    // The loss under its other names.
    Pair(
      "rnn-bptt", #"$$\frac{\partial E}{\partial b} = \sum_t \frac{\partial E}{\partial z_t}$$"#,
      wrong: #"$$\frac{\partial E}{\partial b} = \sum_t \frac{\partial E}{\partial h_t}$$"#),
    Pair(
      "nndl-6-3", #"$$\frac{\partial \ell}{\partial W} = \sum_t \frac{\partial \ell}{\partial z_t} x_t^\top$$"#,
      wrong: #"$$\frac{\partial \ell}{\partial W} = \sum_t \frac{\partial \ell}{\partial z_t} h_t^\top$$"#),
    Pair(
      "nndl-6-3", #"$$\frac{\partial J}{\partial W} = \sum_t \frac{\partial J}{\partial z_t} x_t^\top$$"#,
      wrong: #"$$\frac{\partial J}{\partial U} = \sum_t \frac{\partial J}{\partial z_t} h_t^\top$$"#),
    Pair(
      "nndl-6-3",
      #"$$\frac{\partial \mathrm{loss}}{\partial W} = \sum_t \frac{\partial \mathrm{loss}}{\partial z_t} x_t^\top$$"#,
      wrong: #"$$\frac{\partial \mathrm{loss}}{\partial W} = \frac{\partial \mathrm{loss}}{\partial z_t} x_t^\top$$"#),
    Pair(
      "nndl-6-3", #"$$\frac{\partial C}{\partial W} = \sum_t \frac{\partial C}{\partial z_t} x_t^\top$$"#,
      wrong: #"$$\frac{\partial C}{\partial W} = \sum_t \frac{\partial C}{\partial h_t} x_t^\top$$"#),
    Pair(
      "rnn-bptt", #"$E_t := U h_{t-1}$ $$\frac{\partial E_t}{\partial h_{t-1}} = U^\top$$"#,
      wrong: #"$E_t := U h_{t-1}$ $$\frac{\partial E_t}{\partial h_{t-1}} = W^\top$$"#),
    // Aliases of a parameter and of the loss.
    Pair(
      "rnn-bptt",
      #"Let $E := L$. $$\frac{\partial E}{\partial b} = \sum_t \frac{\partial E}{\partial z_t}$$"#,
      wrong: #"Let $E := L$. $$\frac{\partial E}{\partial b} = \sum_t \frac{\partial E}{\partial z_t} x_t^\top$$"#),
    Pair(
      "rnn-bptt",
      #"$W_{hh} := U$ $$\frac{\partial L}{\partial W_{hh}} = \sum_t \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#,
      wrong:
        #"$W_{hh} := W$ $$\frac{\partial L}{\partial W_{hh}} = \sum_t \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#),
    Pair(
      "rnn-bptt",
      #"$U = V$ $$\frac{\partial L}{\partial V} = \sum_t \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#,
      wrong: #"$U = V$ $$\frac{\partial L}{\partial V} = \sum_t \frac{\partial L}{\partial z_t} h_{t}^\top$$"#),
    // Errors that need no definition.
    Pair(
      "nndl-6-4",
      #"$$\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2(c_t)) + \delta c_{t+1} \odot f_{t+1}$$"#,
      wrong: #"$$\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh(c_t)) + \delta c_{t+1} \odot f_{t+1}$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial z_t} = \bar{h}_t \odot (1 - h_t^2)$$"#,
      wrong: #"$$\frac{\partial L}{\partial z_t} = \bar{h}_t \odot (1 - h_t)$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial z_t} = \delta_{h_t} \odot (1 - h_t^2)$$"#,
      wrong: #"$$\frac{\partial L}{\partial z_t} = \delta_{z_t} \odot (1 - h_t^2)$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial z_t} = \delta^h_t \odot (1 - h_t^2)$$"#,
      wrong: #"$$\frac{\partial L}{\partial z_t} = \delta^h_{t-1} \odot (1 - h_t^2)$$"#),
    Pair(
      "nndl-6-4",
      #"$$\delta^{a_f}_t := \frac{\partial L}{\partial a_{f,t}}$$ $$\frac{\partial L}{\partial b_f} = \sum_t \delta^{a_f}_t$$"#,
      wrong:
        #"$$\delta^{a_f}_t := \frac{\partial L}{\partial a_{f,t}}$$ $$\frac{\partial L}{\partial b_i} = \sum_t \delta^{a_f}_t$$"#
    ),
    Pair(
      "nndl-6-4",
      #"$$\delta_{c}^{t} = \frac{\partial L}{\partial c_t}$$ $$\frac{\partial L}{\partial f_t} = \delta_c^{(t)} \odot c_{t-1}$$"#,
      wrong:
        #"$$\delta_{c}^{t} = \frac{\partial L}{\partial c_t}$$ $$\frac{\partial L}{\partial f_t} = \delta_c^{(t)} \odot c_{t}$$"#
    ),
    // Names used before they are defined.
    Pair(
      "rnn-bptt",
      #"$$\frac{\partial L}{\partial b} = \sum_t e_t$$ $$e_t := \frac{\partial L}{\partial z_t}$$"#,
      wrong: #"$$\frac{\partial L}{\partial b} = \sum_t e_t x_t^\top$$ $$e_t := \frac{\partial L}{\partial z_t}$$"#),
    // What stands behind an equation.
    Pair(
      "nndl-6-4",
      #"$$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1} \in \mathbb{R}^{H}$$"#,
      wrong: #"$$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_t \in \mathbb{R}^{H}$$"#),
    // Functions as they are typed.
    Pair(
      "rnn-bptt", #"$$\frac{\partial h_t}{\partial z_t} = diag[1 - \tanh^2(z_t)]$$"#,
      wrong: #"$$\frac{\partial h_t}{\partial z_t} = diag[1 - \tanh(z_t)]$$"#),
    Pair(
      "nndl-6-4",
      #"$$\frac{\partial L}{\partial a_{c,t}} = \frac{\partial L}{\partial c_t} \odot i_t \odot (1 - tanh^2(a_{c,t}))$$"#,
      wrong:
        #"$$\frac{\partial L}{\partial a_{c,t}} = \frac{\partial L}{\partial c_t} \odot i_t \odot (1 - tanh^3(a_{c,t}))$$"#
    ),
    Pair(
      "nndl-6-4",
      #"$$\frac{\partial L}{\partial a_{c,t}} = \frac{\partial L}{\partial c_t} \odot i_t \odot (1 - tanh(a_{c,t})^2)$$"#,
      wrong:
        #"$$\frac{\partial L}{\partial a_{c,t}} = \frac{\partial L}{\partial c_t} \odot i_t \odot (1 - tanh(a_{c,t}))$$"#
    ),
    Pair(
      "rnn-bptt",
      #"$f(x) := \tanh(x)$ $$\frac{\partial L}{\partial z_t} = f'(z_t) \odot \frac{\partial L}{\partial h_t}$$"#,
      wrong: #"$f(x) := \sigma(x)$ $$\frac{\partial L}{\partial z_t} = f'(z_t) \odot \frac{\partial L}{\partial h_t}$$"#
    ),
    Pair(
      "rnn-bptt", #"$f = \tanh$ $$\frac{\partial L}{\partial z_t} = f'(z_t) \odot \frac{\partial L}{\partial h_t}$$"#,
      wrong: #"$f = \tanh$ $$\frac{\partial L}{\partial z_t} = f'(h_t) \odot \frac{\partial L}{\partial h_t}$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial z_t} = f^{\prime}(z_t) \odot \frac{\partial L}{\partial h_t}$$"#,
      wrong: #"$$\frac{\partial L}{\partial z_t} = f^{\prime}(h_t) \odot \frac{\partial L}{\partial h_t}$$"#),
    // What each step adds.
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial U} += \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#,
      wrong: #"$$\frac{\partial L}{\partial U} = \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial U} \mathrel{+}= \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#,
      wrong: #"$$\frac{\partial L}{\partial U} \mathrel{+}= \frac{\partial L}{\partial z_t} h_{t}^\top$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial b} += \sum_{\text{batch}} \frac{\partial L}{\partial z_t}$$"#,
      wrong: #"$$\frac{\partial L}{\partial b} += \sum_{\text{batch}} \frac{\partial L}{\partial h_t}$$"#),
    Pair(
      "rnn-bptt",
      #"$$\frac{\partial L}{\partial \theta} = \sum_{1 \le t \le T} \frac{\partial L_t}{\partial \theta}$$"#,
      wrong: #"$$\frac{\partial L}{\partial \theta} = \sum_{1 \le t < T} \frac{\partial L_t}{\partial \theta}$$"#),
    Pair(
      "rnn-bptt", #"$$h_t = \tanh(z_t) \quad (t = 1, 2, \ldots, T)$$"#,
      wrong: #"$$h_t = \tanh(z_{t-1}) \quad (t = 2, 3, \ldots, T)$$"#),
    // Norms and ranges.
    Pair(
      "rnn-bptt", #"$$||\frac{\partial h_t}{\partial h_{t-1}}|| \leq ||U||$$"#,
      wrong: #"$$||\frac{\partial h_t}{\partial h_{t-1}}|| \leq ||W||$$"#),
    Pair(
      "rnn-bptt",
      #"$$\frac{\partial h_t}{\partial h_k} = \prod_{t \ge i > k} U^\top \operatorname{diag}(1 - h_i^2)$$"#,
      wrong: #"$$\frac{\partial h_t}{\partial h_k} = \prod_{t > i > k} U^\top \operatorname{diag}(1 - h_i^2)$$"#),
    // Two vectors of one shape side by side.
    Pair(
      "nndl-6-5",
      #"$$\frac{\partial L}{\partial z_t} = \frac{\partial L}{\partial h_t} \cdot (h_{t-1} - \tilde h_t)$$"#,
      wrong: #"$$\frac{\partial L}{\partial z_t} = \frac{\partial L}{\partial h_t} \cdot (h_{t-1} + \tilde h_t)$$"#),
    Pair(
      "nndl-6-5", #"$$\frac{\partial L}{\partial a_{z,t}} = \frac{\partial L}{\partial z_t} z_t (1 - z_t)$$"#,
      wrong: #"$$\frac{\partial L}{\partial a_{z,t}} = \frac{\partial L}{\partial z_t} z_t (1 + z_t)$$"#),
    Pair(
      "rnn-bptt", #"$$\frac{\partial L}{\partial U} = \sum_t \frac{\partial L}{\partial z_t} h_{t-1}^\top$$"#,
      wrong: #"$$\frac{\partial L}{\partial U} = \sum_t \frac{\partial L}{\partial z_t} h_{t-1}$$"#),
    // ∂ for ∂⁺ in the sum of backpropagation through time.
    Pair(
      "rnn-bptt",
      #"$$\frac{\partial L_t}{\partial U} = \sum_{k=1}^t \frac{\partial h_k}{\partial U} \frac{\partial h_t}{\partial h_k} \frac{\partial L_t}{\partial h_t}$$"#,
      wrong:
        #"$$\frac{\partial L_t}{\partial U} = \sum_{k=1}^{t-1} \frac{\partial h_k}{\partial U} \frac{\partial h_t}{\partial h_k} \frac{\partial L_t}{\partial h_t}$$"#
    ),
    Pair(
      "rnn-bptt",
      #"$$\frac{\partial L_t}{\partial U} = \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial U}$$"#,
      wrong:
        #"$$\frac{\partial L_t}{\partial U} = \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_k}{\partial U}$$"#
    ),
    Pair(
      "rnn-bptt",
      #"$$\frac{\partial L}{\partial U} = \sum_t \frac{\partial L}{\partial z_t} \frac{\partial^{+} z_t}{\partial U}$$"#,
      wrong:
        #"$$\frac{\partial L}{\partial U} = \sum_t \frac{\partial L}{\partial z_t} \frac{\partial z_t}{\partial U}$$"#),
    // A label above.
    Pair(
      "rnn-bptt",
      #"$$z_t^q = V h_{t-1} + Q x_t + b$$ $$h_t = \tanh(z_t^q)$$ $$\frac{\partial L}{\partial z_t^q} = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)$$"#,
      wrong:
        #"$$z_t^q = V h_{t-1} + Q x_t + b$$ $$h_t = \tanh(z_t^q)$$ $$\frac{\partial L}{\partial z_t^q} = \frac{\partial L}{\partial h_t} \odot (1 - h_t)$$"#
    ),
    // A cell of the text's own.
    Pair(
      "rnn-bptt",
      #"$$s_t = \tanh(W_{ss} s_{t-1} + W_{sx} x_t + b)$$ $$\frac{\partial L}{\partial W_{ss}} = \sum_t \left(\frac{\partial L}{\partial s_t} \odot (1 - s_t^2)\right) s_{t-1}^\top$$"#,
      wrong:
        #"$$s_t = \tanh(W_{ss} s_{t-1} + W_{sx} x_t + b)$$ $$\frac{\partial L}{\partial W_{ss}} = \sum_t \left(\frac{\partial L}{\partial s_t} \odot (1 - s_t)\right) s_{t-1}^\top$$"#
    ),
    Pair(
      "rnn-bptt",
      #"$$h_t = \tanh(x_t W + h_{t-1} V + b)$$ $$\frac{\partial L}{\partial V} = \sum_t h_{t-1}^\top \left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)$$"#,
      wrong:
        #"$$h_t = \tanh(x_t W + h_{t-1} V + b)$$ $$\frac{\partial L}{\partial V} = \sum_t h_{t}^\top \left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)$$"#
    ),
    Pair(
      "nndl-6-4",
      #"$$C_t = f_t \odot C_{t-1} + i_t \odot \tilde c_t$$ $$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot C_{t-1}$$"#,
      wrong:
        #"$$C_t = f_t \odot C_{t-1} + i_t \odot \tilde c_t$$ $$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial C_t} \odot C_{t}$$"#
    ),
  ]

  @Test("what people write is read, and its wrong twin stays wrong", arguments: pairs)
  func notation(_ pair: Pair) throws {
    let right = try Self.report(pair.exercise, pair.right)
    let links = right.chains.flatMap(\.links)
    #expect(!links.isEmpty)
    for link in links {
      #expect(link.verdict == .holds || link.verdict == .definition, "\(link.read): \(link.text.english)")
    }
    let wrong = try Self.report(pair.exercise, pair.wrong)
    let last = try #require(wrong.chains.flatMap(\.links).last { $0.verdict != .definition })
    #expect(last.verdict == .doesNotHold || last.verdict == .notUnderstood, "\(last.read): \(last.text.english)")
    // What is told is told in both languages.
    for note in right.chains.flatMap(\.notes) { #expect(note.english != note.chinese, "\(note.english)") }
  }

  @Test func fencesOfLatexAreRead() throws {
    for language in ["latex", "tex", "katex"] {
      let text = """
        ```\(language)
        \\frac{\\partial L}{\\partial b} = \\sum_t \\frac{\\partial L}{\\partial z_t}
        ```
        """
      #expect(try Self.report("rnn-bptt", text).chains.flatMap(\.links).map(\.verdict) == [.holds])
    }
  }
}
