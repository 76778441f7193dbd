// Matrices as values: making them, reading and changing parts, printing.

import CellKit
import Testing

@Suite struct MatrixTests {
  let a = Matrix([[1, 2, 3], [4, 5, 6]])

  @Test func shapeAndEntries() {
    #expect(a.rows == 2 && a.columns == 3)
    #expect(a[1, 0] == 4)
    #expect(a.elements == [1, 2, 3, 4, 5, 6])
    #expect(Matrix.zeros(like: a) == Matrix(rows: 2, columns: 3, repeating: 0))
  }

  @Test func copiesAreIndependent() {
    var b = a
    b[0, 0] = 9
    #expect(a[0, 0] == 1 && b[0, 0] == 9)
  }

  @Test func slices() {
    var b = a
    #expect(a[rows: 1..<2] == Matrix([[4, 5, 6]]))
    #expect(a[columns: 1..<3] == Matrix([[2, 3], [5, 6]]))
    b[rows: 0..<1] = Matrix([[7, 8, 9]])
    b[columns: 2..<3] = Matrix([[0], [0]])
    #expect(b == Matrix([[7, 8, 0], [4, 5, 0]]))
  }

  @Test func partsAndWholesAreInverse() {
    let m = Matrix([[1, 2, 3, 4], [5, 6, 7, 8]])
    let columns = m.splitColumns(2)
    #expect(columns == [Matrix([[1, 2], [5, 6]]), Matrix([[3, 4], [7, 8]])])
    #expect(Matrix.beside(columns[0], columns[1]) == m)
    let rows = m.splitRows(2)
    #expect(rows == [Matrix([[1, 2, 3, 4]]), Matrix([[5, 6, 7, 8]])])
    #expect(Matrix.stacked(rows[0], rows[1]) == m)
  }

  @Test func sumsAndTranspose() {
    #expect(a.sumOverRows() == Matrix([[5, 7, 9]]))
    #expect(a.sumOverColumns() == Matrix([[6], [15]]))
    #expect(a.T == Matrix([[1, 4], [2, 5], [3, 6]]))
  }

  @Test func prints() {
    #expect(
      "\(Matrix([[0.123456, -2], [1e-60, 3]]))" == """
        Matrix 2 × 2
              0.1235         -2
               1e-60          3
        """)
    #expect("\(Matrix.notSet)" == "Matrix, not set yet")
  }

  @Test func notSetIsNoMatrixOfAnyOtherShape() {
    #expect(!Matrix.notSet.isSet)
    #expect(a.isSet && Matrix.zeros(0, 3).isSet)
  }
}
