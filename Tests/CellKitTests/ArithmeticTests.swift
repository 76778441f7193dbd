// Operators and functions: values, precedence, spreading of a bias over the batch.

import CellKit
import Testing

@Suite struct ArithmeticTests {
  let a = Matrix([[1, 2, 3], [4, 5, 6]])
  let column = Matrix([[10], [20]])
  let row = Matrix([[1, 2, 3]])

  @Test func product() {
    #expect(a * a.T == Matrix([[14, 32], [32, 77]]))
    #expect(row * row.T == Matrix([[14]]))
  }

  @Test func aBiasSpreadsOverTheBatch() {
    #expect(a + column == Matrix([[11, 12, 13], [24, 25, 26]]))
    #expect(column + a == a + column)
    #expect(a - row == Matrix([[0, 0, 0], [3, 3, 3]]))
    // The macro does not know the precedence of .* and ./, so they stand outside of it.
    let (product, quotient, scaled) = (column .* a, a ./ row, Matrix([[2]]) .* a)
    #expect(product == Matrix([[10, 20, 30], [80, 100, 120]]))
    #expect(quotient == Matrix([[1, 1, 1], [4, 2.5, 2]]))
    #expect(scaled == 2 * a)
  }

  @Test func numbersStandOnEitherSide() {
    #expect(1 - a == -(a - 1))
    let (left, right) = (2 .* a, a .* 2)
    #expect(left == right && 2 * a == a + a)
    #expect(6 / row == Matrix([[6, 3, 2]]) && row / 2 == 0.5 * row)
    #expect(1 / (1 + exp(-row)) == row.map { 1 / (1 + exp(-$0)) })
  }

  @Test func elementwiseBindsLooserThanTheProductAndTighterThanTheSum() {
    let u = Matrix([[1, 2], [3, 4]])
    let d = Matrix([[5], [6]])
    let f = Matrix([[2], [3]])
    let bare = [u.T * d .* f, d + d .* f, d .* f * Matrix([[2]])]
    let bracketed = [(u.T * d) .* f, d + (d .* f), d .* (f * Matrix([[2]]))]
    #expect(bare == bracketed)
  }

  @Test func assignments() {
    var b = a
    b += column
    b -= column
    b .*= row
    let expected = a .* row
    #expect(b == expected)
  }

  @Test func functions() {
    #expect(sigmoid(0) == 0.5 && sigmoid(-1000) == 0 && sigmoid(1000) == 1)
    #expect(relu(Matrix([[-1, 2]])) == Matrix([[0, 2]]))
    #expect(relu(Double.nan).isNaN)
    #expect(tanh(row)[0, 1] == tanh(2))
    let root = sqrt(row .* row)
    #expect(root == row && log(exp(Matrix([[0]]))) == Matrix([[0]]))
  }

  @Test func softmaxAddsUpToOne() {
    let m = Matrix([[1, 1000], [2, 1001]])
    let byColumn = softmaxOfColumns(m).sumOverRows()
    let byRow = softmaxOfRows(m).sumOverColumns()
    for index in 0..<2 {
      #expect(abs(byColumn[0, index] - 1) < 1e-15)
      #expect(abs(byRow[index, 0] - 1) < 1e-15)
    }
    #expect(softmaxOfRows(m.T) == softmaxOfColumns(m).T)
  }
}
