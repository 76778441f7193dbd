// Products as sums of outer products in one buffer, everything else in place.

func product(_ a: Matrix, _ b: Matrix) -> Matrix {
  var buffer = Matrix.zeros(a.rows, b.columns)
  for k in 0..<a.columns {
    for i in 0..<a.rows {
      let factor = a[i, k]
      for j in 0..<b.columns { buffer[i, j] += factor * b[k, j] }
    }
  }
  return buffer
}

func sum(_ a: Matrix, _ b: Matrix) -> Matrix {
  var buffer = a
  buffer += b
  return buffer
}

func hadamard(_ a: Matrix, _ b: Matrix) -> Matrix {
  var buffer = a
  buffer .*= b
  return buffer
}

func flipped(_ a: Matrix) -> Matrix { a.T }
func overSamples(rows a: Matrix) -> Matrix { product(Matrix(rows: 1, columns: a.rows, repeating: 1), a) }
func overSamples(columns a: Matrix) -> Matrix { product(a, Matrix(rows: a.columns, columns: 1, repeating: 1)) }

func gate(_ a: Matrix) -> Matrix { 0.5 * (tanh(0.5 * a) + 1) }
func squashed(_ a: Matrix) -> Matrix { 2 * sigmoid(2 * a) - 1 }

func slopeOfGate(_ s: Matrix) -> Matrix {
  var buffer = s
  buffer -= s .* s
  return buffer
}

func slopeOfTanh(_ t: Matrix) -> Matrix { (1 - t) .* (1 + t) }
