// Derivatives of the functions that sheets may use, as people write them.

import Diagnostics
import Testing

@testable import Derivation

@Suite struct ActivationTests {
  private func verdict(_ line: String) throws -> LinkVerdict {
    let text = "$$\n\(line)\n$$\n"
    let checker = try DerivationChecker(cell: CorpusEntry.cell("four-activations"))
    return checker.check(SourceText(name: "derivation.md", text: text), seed: 1).chains[0].links[0].verdict
  }

  @Test(
    "a derivative of GELU, SiLU, sine or cosine, with a prime or written out: the line holds",
    arguments: [
      #"\frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial h_t} \odot \cos(g_t)"#,
      #"\frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial h_t} \odot \sin'(g_t)"#,
      #"\frac{\partial L}{\partial s_t} = -\frac{\partial L}{\partial h_t} \odot \sin(s_t) \odot h_{t-1}"#,
      #"\frac{\partial L}{\partial s_t} = \frac{\partial L}{\partial h_t} \odot \cos'(s_t) \odot h_{t-1}"#,
      #"\frac{\partial L}{\partial u_t} = \frac{\partial L}{\partial g_t} \odot \operatorname{GELU}'(u_t)"#,
      #"\frac{\partial L}{\partial v_t} = \frac{\partial L}{\partial s_t} \odot \operatorname{SiLU}'(v_t)"#,
      #"\frac{\partial L}{\partial v_t} = \frac{\partial L}{\partial s_t} \odot \sigma(v_t) \odot (1 + v_t \odot (1 - \sigma(v_t)))"#,
    ])
  func holds(_ line: String) throws {
    #expect(try verdict(line) == .holds)
  }

  @Test(
    "a derivative of cosine or SiLU with a mistake: the line does not hold",
    arguments: [
      #"\frac{\partial L}{\partial s_t} = \frac{\partial L}{\partial h_t} \odot \sin(s_t) \odot h_{t-1}"#,
      #"\frac{\partial L}{\partial v_t} = \frac{\partial L}{\partial s_t} \odot \sigma(v_t)"#,
      #"\frac{\partial L}{\partial u_t} = \frac{\partial L}{\partial g_t} \odot \operatorname{SiLU}'(u_t)"#,
    ])
  func doesNotHold(_ line: String) throws {
    #expect(try verdict(line) == .doesNotHold)
  }
}
