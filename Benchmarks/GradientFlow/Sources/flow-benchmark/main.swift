// Times the recurrence on demand: a line in, milliseconds out. compare.py asks it and PyTorch in turn.

import CBLAS
import CellKit
import Diagnostics
import Formula
import Glibc
import Recurrence

/// The cells with the equations that PyTorch computes.
func cell(_ kind: String) throws -> Cell {
  let gates: [String]
  let equations: String
  var states = ["h"]
  switch kind {
  case "RNN":
    gates = ["h"]
    equations = "a_t = x_t W_h + h_{t-1} U_h + b_h\nh_t = \\tanh(a_t)"
  case "LSTM":
    gates = ["i", "f", "o", "c"]
    states = ["h", "c"]
    equations =
      gates.map { "a_{\($0),t} = x_t W_\($0) + h_{t-1} U_\($0) + b_\($0)" }.joined(separator: "\n") + """

        i_t = \\sigma(a_{i,t})
        f_t = \\sigma(a_{f,t})
        o_t = \\sigma(a_{o,t})
        \\tilde{c}_t = \\tanh(a_{c,t})
        c_t = f_t \\odot c_{t-1} + i_t \\odot \\tilde{c}_t
        h_t = o_t \\odot \\tanh(c_t)
        """
  default:
    // PyTorch's GRU: the reset gate after the product.
    gates = ["r", "z", "n"]
    equations = """
      r_t = \\sigma(x_t W_r + h_{t-1} U_r + b_r)
      z_t = \\sigma(x_t W_z + h_{t-1} U_z + b_z)
      q_t = h_{t-1} U_n + b_q
      n_t = \\tanh(x_t W_n + b_n + r_t \\odot q_t)
      h_t = (1 - z_t) \\odot n_t + z_t \\odot h_{t-1}
      """
  }
  let source = SourceText(name: kind, text: equations)
  let range = 0..<0
  var declaration = CellDeclaration(name: kind, source: source, range: range)
  declaration.sizes = ["D": 1, "H": 1, "N": 1]
  declaration.layout = .rows
  declaration.inputs = [Declaration(symbol: "x", axes: ["D"], range: range)]
  declaration.states = states.map { Declaration(symbol: $0, axes: ["H"], range: range) }
  declaration.parameters =
    gates.flatMap { gate in
      [
        Declaration(symbol: "W_\(gate)", axes: ["D", "H"], range: range),
        Declaration(symbol: "U_\(gate)", axes: ["H", "H"], range: range),
        Declaration(symbol: "b_\(gate)", axes: ["H"], range: range),
      ]
    } + (kind == "GRU" ? [Declaration(symbol: "b_q", axes: ["H"], range: range)] : [])
  return try Cell(declaration, forward: [SourceExcerpt(source)])
}

func milliseconds(_ body: () -> Void) -> Double {
  let start = ContinuousClock.now
  body()
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  return Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
}

/// The last thing asked for, with everything that is made once.
struct Work {
  let line: String
  let recurrence: Recurrence
  let cases: [Case]
}

var work: Work?
while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  guard words.count == 7, let n = Int(words[2]), let t = Int(words[3]), let d = Int(words[4]), let h = Int(words[5]),
    let threads = Int32(words[6])
  else {
    print("?")
    continue
  }
  let isFlow = words[0] == "flow"
  if work?.line != line {
    let cell = try cell(words[1])
    let sizes = Sizes(["D": d, "H": h, "N": n], steps: t)
    let seeds = isFlow ? 20 : 1
    var cases = (0..<seeds).map { cell.randomCase(sizes, seed: UInt64($0)) }
    for index in cases.indices {
      // A loss at the last h alone for the flow, at every h for training.
      for result in cases[index].upstream.indices {
        for step in cases[index].upstream[result].indices where result > 0 || (isFlow && step < t - 1) {
          cases[index].upstream[result][step] = nil
        }
      }
    }
    work = Work(line: line, recurrence: Recurrence(cell, sizes: sizes), cases: cases)
  }
  guard let work else { continue }
  openblas_set_num_threads(threads)
  var sum = 0.0
  let time = milliseconds {
    for one in work.cases {
      work.recurrence.forward(one)
      if isFlow {
        work.recurrence.stateGradients(one.upstream) { state, _, entries in
          guard state == 0 else { return }
          for entry in entries { sum += entry * entry }
        }
      } else {
        sum += work.recurrence.backward(one.upstream).parameters[0].elements[0]
      }
    }
  }
  print(time)
  if sum.isNaN { print("not a number") }
  fflush(nil)
}
