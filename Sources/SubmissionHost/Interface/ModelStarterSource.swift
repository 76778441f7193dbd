// The Cell.swift with which a learner begins a model; it compiles, and every check says what is not written yet.

import Recurrence

extension ModelInterface {
  var starterSource: String {
    let states = results.map { "\($0.name): \($0.batchShape(layout))" }.joined(separator: ", ")
    let comments = [
      "forward": [
        "For every step \(states); and the loss of the batch, a number.",
        "var o = Output()",
        "o.\(results[0].name).append(…)",
        "return (o, Tape(batch: batch))",
      ],
      "backward": [
        "From the loss to the scores, and from the last step to the first; parameters add up over the steps.",
        "var g = Gradients()",
        "g.\(parameters[0].name) = …",
        "return g",
      ],
      "clip(_:to:)": [
        "The norm of all blocks together: g.blocks is their list, and a.elements are the entries of a matrix.",
        "return (g, norm)",
      ],
      "train": [
        "var p = p",
        "var adam = Adam(rate: 0.01)",
        "adam.update(&p.blocks, by: g.blocks)",
        "return p",
      ],
    ]
    let sampling = ["One-hot: var word = Matrix.zeros(like: first), then a 1 where the chosen word is."]
    let functions = requirements.map { requirement in
      let word = requirement.name.prefix { $0 != "(" }
      let lines = (comments[requirement.name] ?? sampling).map { "    // \($0)\n" }.joined()
      return "  \(requirement.declaration) {\n\(lines)    todo(\"\(word)\")\n  }"
    }
    let (sums, parts) =
      layout == .columns
      ? ("sumOverColumns()", "splitRows(4), Matrix.stacked(a, b)")
      : ("sumOverRows()", "splitColumns(4), Matrix.beside(a, b)")
    return """
      // \(name): a model from the words to the loss. Interface.swift shows the types and their shapes.
      //
      //   a * b    matrix product             a .* b   product by element     a.T   transpose
      //   a + b    sum                        tanh(a), sigmoid(a), exp(a), log(a), softmax(a)
      //   In a + b, a - b and a .* b a side that is a single row or a single column is spread over the other.
      //   \(sums) adds up the batch; \(parts); a.elements are the entries, a[0, 1] is one
      //   print(a) shows the shape and the entries; the report shows what you print.
      //
      // Replace a todo whenever you are ready: what is written is checked, what is not costs only its own points.

      import CellKit

      struct \(name): Model {
        // What the forward pass keeps for the way back.
        struct Tape {
          var batch: Batch
        }

      \(functions.joined(separator: "\n\n"))
      }

      """
  }
}
