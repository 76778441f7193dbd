// LaTeX as Unicode text.

import Testing

@testable import Markdown

private let table: [(String, String)] = [
  ("h_{t-1}", "hₜ₋₁"), ("h_t-1", "hₜ − 1"), (#"f_t \odot c_{t-1}"#, "fₜ ⊙ cₜ₋₁"), (#"\tilde{c}_t"#, "c̃ₜ"),
  (#"\tilde c_t"#, "c̃ₜ"), (#"\hat{\boldsymbol y}"#, "ŷ"), (#"\sigma(a_{f,t})"#, "σ(a_{f,t})"),
  ("W_f x_t + b_f", "W_f xₜ + b_f"),
  ("b_{hz}", "b_hz"), (#"\frac{a}{b}"#, "a/b"), (#"\frac{a+b}{2c}"#, "(a + b)/(2c)"),
  (#"\frac{\partial L}{\partial W_f}"#, "∂L/∂W_f"), (#"\frac{\partial^{+} h_t}{\partial h_{t-1}}"#, "∂⁺hₜ/∂hₜ₋₁"),
  (#"\frac12"#, "1/2"), (#"\frac{1}{\frac{a}{b}}"#, "1/(a/b)"), (#"W^\top \delta_t"#, "Wᵀ δₜ"), ("A^T", "Aᵀ"),
  (#"A^{\mathsf T}"#, "Aᵀ"), (#"\begin{bmatrix} a \\ b \end{bmatrix}"#, "[a; b]"),
  (#"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"#, "(a, b; c, d)"), (#"W_u [h_{t-1}; x_t]"#, "Wᵤ [hₜ₋₁; xₜ]"),
  (#"\sum_{t=1}^{T} \delta_t x_t^\top"#, "∑ₜ₌₁ᵀ δₜ xₜᵀ"), (#"\prod_{i=k+1}^{t} f_i"#, "∏ᵢ₌ₖ₊₁ᵗ fᵢ"),
  (#"\tanh c_t"#, "tanh cₜ"), (#"\tanh^2(c_t)"#, "tanh²(cₜ)"), (#"\operatorname{diag}(z_t)"#, "diag(zₜ)"),
  (#"\operatorname{softmax} a"#, "softmax a"), (#"1 - \tanh^2(c)"#, "1 − tanh²(c)"), ("-x + (-y)", "−x + (−y)"),
  (#"\lVert x\rVert \le 1"#, "‖x‖ ≤ 1"), (#"\left(a\right)"#, "(a)"), (#"a \text{ if } b"#, "a if b"),
  (#"\sqrt{x}"#, "√x"), (#"\sqrt{x+1}"#, "√(x + 1)"), (#"e^{-x^2}"#, "e^(−x²)"), (#"\mathbf 1\mathbf 1^\top"#, "𝟏𝟏ᵀ"),
  (#"h^{(t)}"#, "h⁽ᵗ⁾"), (#"h^{\langle t\rangle}"#, "h^(⟨t⟩)"), (#"\sigma'(z)"#, "σ′(z)"),
  (#"4H(D+H+1)"#, "4H(D + H + 1)"),
  (#"\unknown{a}{b} c"#, #"\unknown{a}{b} c"#), (#"\unknown x"#, #"\unknown x"#), ("a % note", "a"),
  (#"x \in \mathbb{R}^{D}"#, "x ∈ ℝᴰ"),
  (#"\frac{\partial L}{\partial h_t}\Big|_{t=T}"#, "∂L/∂hₜ|_(t=T)"), ("{a b}_c", "a b_c"), ("", ""), ("_", "_"),
  ("^", "^"),
  (#"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}"#, "{ 1, x > 0; 0, x ≤ 0 }"), (#"\Gamma_u"#, "Γᵤ"),
]

@Suite struct MathTextTests {
  @Test(arguments: table) func line(_ row: (String, String)) {
    #expect(MathText.line(row.0) == row.1)
  }

  @Test func rows() {
    #expect(MathText.lines("a = b\n\nc = d") == ["a = b", "c = d"])
    #expect(
      MathText.lines(
        "\\begin{aligned}\na &= b \\\\[4pt]\n  &= \\begin{bmatrix} c \\\\ d \\end{bmatrix}\n\\end{aligned}")
        == ["a = b", "= [c; d]"])
  }

  @Test func nothingStopsIt() {
    for piece in [
      "{", "}", "\\", "\\frac", "\\frac{", "\\begin{bmatrix}", "\\end{x}", "_{", "^{", "\\sqrt[", "\\left", "&", "'",
    ] {
      for count in [1, 2, 3, 50, 5000] { _ = MathText.lines(String(repeating: piece, count: count)) }
    }
  }
}
