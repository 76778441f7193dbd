// Sheets for tests, and folders that go away again.

import Diagnostics
import Foundation
import Sheets

/// A small sheet; parts of it are replaced to break it.
enum Fixture {
  static let sheet = """
    ---
    id: demo
    title: A small sheet
    source: NNDL, exercise 0-0
    minutes: 20
    cell:
      name: Demo
      layout: columns
      sizes: {D: 3, H: 5, N: 10}
      input: {x: [D]}
      state: {h: [H]}
      parameters: {W: [H, D], U: [H, H], 'b_{hz}': [H]}
    tasks:
      - {id: forward, kind: forward, points: 20}
      - {id: backward, kind: backward, points: 40}
      - id: derivation
        kind: derivation
        points: 30
        goals: ['\\frac{\\partial L}{\\partial W}']
      - {id: essay, kind: essay, points: 10}
    ---

    # A small sheet

    The state $`h_t`$ follows from $`h_{t-1}`$.

    ```math forward
    h_t = \\tanh(W x_t + U h_{t-1} + b_{hz})
    ```

    ## What to do

    1. Find $`\\frac{\\partial L}{\\partial W}`$.
    2. Write *it* down as `dW`; see [the book](https://nndl.github.io).

    ```swift
    let h = tanh(p.W * x)
    ```

    > Take your time.

    ## Hint: shapes

    Look at the shapes.

    ## Hint

    $$
    \\frac{\\partial L}{\\partial W} = \\begin{bmatrix} a \\\\ b \\end{bmatrix}
    $$

    ## For teachers

    What only a teacher sees.

    """

  static let translation = """
    ---
    title: 一道小题
    source: 《神经网络与深度学习》习题 0-0
    ---

    # 一道小题

    状态 $`h_t`$ 由 $`h_{t-1}`$ 得出，循环神经网络在每一步都把梯度乘以同一个矩阵，于是梯度要么消失，要么爆炸。

    ```math forward
    h_t = \\tanh(W x_t + U h_{t-1} + b_{hz})
    ```

    ## 提示：形状

    看形状。

    ## 提示

    $$
    \\frac{\\partial L}{\\partial W} = \\begin{bmatrix} a \\\\ b \\end{bmatrix}
    $$

    ## 给教师

    只给教师看。

    """

  /// The sheet as it is read.
  static func read(_ text: String = sheet, translation: String? = nil) throws -> Sheet {
    try Sheet(
      SourceText(name: "sheet.md", text: text),
      translation: translation.map { SourceText(name: "sheet.zh.md", text: $0) })
  }
}

/// A new folder, removed when the body has run.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "sheets-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// Writes a file and the folders above it.
func write(_ text: String, _ path: String) throws { try write(Data(text.utf8), path) }

/// Writes a file and the folders above it.
func write(_ data: Data, _ path: String) throws {
  let file = URL(filePath: path)
  try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try data.write(to: file)
}
