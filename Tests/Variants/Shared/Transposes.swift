// Products by way of the transposes: a b = (bᵀ aᵀ)ᵀ; sums over samples by products with ones.

func product(_ a: Matrix, _ b: Matrix) -> Matrix { (b.T * a.T).T }
func sum(_ a: Matrix, _ b: Matrix) -> Matrix { (a.T + b.T).T }
func hadamard(_ a: Matrix, _ b: Matrix) -> Matrix { (a.T .* b.T).T }
func flipped(_ a: Matrix) -> Matrix { a.T }
func overSamples(rows a: Matrix) -> Matrix { a.T.sumOverColumns().T }
func overSamples(columns a: Matrix) -> Matrix { a.T.sumOverRows().T }
func gate(_ a: Matrix) -> Matrix { sigmoid(a.T).T }
func squashed(_ a: Matrix) -> Matrix { tanh(a.T).T }
func slopeOfGate(_ s: Matrix) -> Matrix { s - s .* s }
func slopeOfTanh(_ t: Matrix) -> Matrix { 1 - t.map { $0 * $0 } }
