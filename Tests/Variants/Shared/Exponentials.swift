// The squashing functions by exponentials as textbooks define them, their slopes too.

func product(_ a: Matrix, _ b: Matrix) -> Matrix { a * b }
func sum(_ a: Matrix, _ b: Matrix) -> Matrix { a + b }
func hadamard(_ a: Matrix, _ b: Matrix) -> Matrix { a .* b }
func flipped(_ a: Matrix) -> Matrix { a.T }
func overSamples(rows a: Matrix) -> Matrix { a.sumOverRows() }
func overSamples(columns a: Matrix) -> Matrix { a.sumOverColumns() }
func gate(_ a: Matrix) -> Matrix { exp(a) ./ (1 + exp(a)) }
func squashed(_ a: Matrix) -> Matrix { (exp(a) - exp(-a)) ./ (exp(a) + exp(-a)) }

/// e^-a / (1 + e^-a)², with a found from the value.
func slopeOfGate(_ s: Matrix) -> Matrix {
  let e = (1 - s) ./ s
  return e ./ ((1 + e) .* (1 + e))
}

/// 4 / (e^a + e^-a)², with e^2a found from the value.
func slopeOfTanh(_ t: Matrix) -> Matrix {
  let e = (1 + t) ./ (1 - t)
  return 4 .* e ./ ((e + 1) .* (e + 1))
}
