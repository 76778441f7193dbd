// Every sum from its last term to its first.

func product(_ a: Matrix, _ b: Matrix) -> Matrix {
  var result = Matrix.zeros(a.rows, b.columns)
  for j in (0..<b.columns).reversed() {
    for i in (0..<a.rows).reversed() {
      result[i, j] = (0..<a.columns).reversed().reduce(0.0) { $0 + b[$1, j] * a[i, $1] }
    }
  }
  return result
}

func sum(_ a: Matrix, _ b: Matrix) -> Matrix { b + a }
func hadamard(_ a: Matrix, _ b: Matrix) -> Matrix { b .* a }
func flipped(_ a: Matrix) -> Matrix { a.T }

func overSamples(rows a: Matrix) -> Matrix {
  (0..<a.rows).reversed().reduce(Matrix.zeros(1, a.columns)) { $0 + a[rows: $1..<($1 + 1)] }
}

func overSamples(columns a: Matrix) -> Matrix {
  (0..<a.columns).reversed().reduce(Matrix.zeros(a.rows, 1)) { $0 + a[columns: $1..<($1 + 1)] }
}

func gate(_ a: Matrix) -> Matrix { 1 - sigmoid(-a) }
func squashed(_ a: Matrix) -> Matrix { -tanh(-a) }
func slopeOfGate(_ s: Matrix) -> Matrix { (1 - s) .* s }
func slopeOfTanh(_ t: Matrix) -> Matrix { -(t .* t - 1) }
