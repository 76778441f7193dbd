// Every operation by loops over entries.

func product(_ a: Matrix, _ b: Matrix) -> Matrix {
  var result = Matrix.zeros(a.rows, b.columns)
  for i in 0..<a.rows {
    for j in 0..<b.columns {
      var sum = 0.0
      for k in 0..<a.columns { sum += a[i, k] * b[k, j] }
      result[i, j] = sum
    }
  }
  return result
}

func each(_ a: Matrix, _ b: Matrix, _ f: (Double, Double) -> Double) -> Matrix {
  var result = Matrix.zeros(like: a)
  for i in 0..<a.rows {
    for j in 0..<a.columns {
      // A bias is spread over the batch.
      result[i, j] = f(a[i, j], b[b.rows == 1 ? 0 : i, b.columns == 1 ? 0 : j])
    }
  }
  return result
}

func sum(_ a: Matrix, _ b: Matrix) -> Matrix { each(a, b) { $0 + $1 } }
func hadamard(_ a: Matrix, _ b: Matrix) -> Matrix { each(a, b) { $0 * $1 } }

func flipped(_ a: Matrix) -> Matrix {
  var result = Matrix.zeros(a.columns, a.rows)
  for i in 0..<a.rows {
    for j in 0..<a.columns { result[j, i] = a[i, j] }
  }
  return result
}

func overSamples(rows a: Matrix) -> Matrix {
  var result = Matrix.zeros(1, a.columns)
  for i in 0..<a.rows {
    for j in 0..<a.columns { result[0, j] += a[i, j] }
  }
  return result
}

func overSamples(columns a: Matrix) -> Matrix {
  var result = Matrix.zeros(a.rows, 1)
  for i in 0..<a.rows {
    for j in 0..<a.columns { result[i, 0] += a[i, j] }
  }
  return result
}

func gate(_ a: Matrix) -> Matrix { a.map { 1 / (1 + exp(-$0)) } }
func squashed(_ a: Matrix) -> Matrix { a.map { tanh($0) as Double } }
func slopeOfGate(_ s: Matrix) -> Matrix { s.map { $0 * (1 - $0) } }
func slopeOfTanh(_ t: Matrix) -> Matrix { t.map { 1 - $0 * $0 } }
