// Products in two halves of the inner axis, sample by sample on the other side.

func product(_ a: Matrix, _ b: Matrix) -> Matrix {
  let half = a.columns / 2
  guard half > 0 else { return a * b }
  let left = a[columns: 0..<half] * b[rows: 0..<half]
  return left + a[columns: half..<a.columns] * b[rows: half..<b.rows]
}

func sum(_ a: Matrix, _ b: Matrix) -> Matrix { a - (-b) }
func hadamard(_ a: Matrix, _ b: Matrix) -> Matrix { a ./ (1 / b) }
func flipped(_ a: Matrix) -> Matrix { a.T }

func overSamples(rows a: Matrix) -> Matrix {
  let half = a.rows / 2
  guard half > 0 else { return a }
  return a[rows: 0..<half].sumOverRows() + a[rows: half..<a.rows].sumOverRows()
}

func overSamples(columns a: Matrix) -> Matrix { overSamples(rows: a.T).T }
func gate(_ a: Matrix) -> Matrix { a.map { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) } }
func squashed(_ a: Matrix) -> Matrix { (1 - exp(-2 * a)) ./ (1 + exp(-2 * a)) }
func slopeOfGate(_ s: Matrix) -> Matrix { 0.25 - (s - 0.5) .* (s - 0.5) }
func slopeOfTanh(_ t: Matrix) -> Matrix { (1 + t) .* (1 - t) }
