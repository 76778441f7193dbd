// The part of a model's program that nobody reads: the learner's types taken apart for the driver, and the main.

extension ModelInterface {
  /// The Swift that joins the model to the driver. Types are written out: inferring them is most of its compile time.
  var glueSource: String {
    let about = start.enumerated().map { "\($1.name): l[1][\($0)], " }.joined()
    let names = parameters.enumerated().map { "\($1.name): m[\($0)]" }.joined(separator: ", ")
    let unset = parameters.enumerated().map { "    g.\(CellInterface.escaped($1.name)) = m[\($0)]" }
      .joined(separator: "\n")
    var parts = ["forward: forward"]
    if hasGradients { parts.append("gradients: gradients") }
    if sampling != nil { parts.append("sample: sample") }
    if hasClipping { parts.append("clip: clip") }
    if hasTraining { parts.append("train: train") }
    return """
      import CellKit
      import SubmissionMain

      func \(CellInterface.conformanceProbe)<M: Model>(_ model: M.Type) {}

      @main enum UnrollMain {
        typealias Lists = [[CellKit.Matrix]]

        static func main() {
          \(CellInterface.conformanceProbe)(\(name).self)
          let program = SubmissionMain.ModelProgram(\(parts.joined(separator: ", ")))
          SubmissionMain.serve(program)
        }

        static func fits(_ l: Lists, _ widths: [Int]) -> Bool {
          return l.count >= widths.count && zip(l, widths).allSatisfy { $0.count == $1 }
        }

        static func parameters(_ m: [CellKit.Matrix]) -> Parameters {
          return Parameters(\(names))
        }

        static func batch(_ l: Lists) -> Batch {
          return Batch(\(about)\(word.name): l[2], \(target.name): l[3], \(mask.name): l[4])
        }

        static func list(_ o: Output) -> Lists {
          let loss: [CellKit.Matrix] = [o.loss.map { CellKit.Matrix(rows: 1, columns: 1, repeating: $0) } ?? .notSet]
          return [\(results.map { "o.\(CellInterface.escaped($0.name)), " }.joined())loss]
        }

        static func forward(_ l: Lists) -> Lists? {
          guard l.count == 5, fits(l, [\(parameters.count), \(start.count)]) else { return nil }
          let (o, _): (Output, \(name).Tape) = \(name).forward(batch(l), parameters(l[0]))
          return list(o)
        }
      \(hasGradients ? gradientsGlue : "")\(samplingGlue)\(hasClipping ? clippingGlue(unset) : "")\(hasTraining ? trainingGlue : "")}

      """
  }

  private var gradientsGlue: String {
    """

      static func gradients(_ l: Lists) -> Lists? {
        guard l.count == 5, fits(l, [\(parameters.count), \(start.count)]) else { return nil }
        let p: Parameters = parameters(l[0])
        let (_, tape): (Output, \(name).Tape) = \(name).forward(batch(l), p)
        let g: Gradients = \(name).backward(tape, p)
        return [g.blocks]
      }

    """
  }

  private var samplingGlue: String {
    let about = start.indices.map { "l[1][\($0)], " }.joined()
    let call: String
    switch sampling {
    case nil: return ""
    case .greedy: call = "\(name).sample(\(about)l[2][0], steps: l[3].count, parameters(l[0]))"
    case .random:
      call = "\(name).sample(\(about)l[2][0], random: l[3], temperature: l[4][0][0, 0], parameters(l[0]))"
    }
    return """

        static func sample(_ l: Lists) -> Lists? {
          guard l.count == 5, fits(l, [\(parameters.count), \(start.count), 1]), l[4].count == 1 else { return nil }
          let words: [CellKit.Matrix] = \(call)
          return [words]
        }

      """
  }

  private func clippingGlue(_ assignments: String) -> String {
    """

      static func clip(_ l: Lists) -> Lists? {
        guard l.count == 2, fits(l, [\(parameters.count), 1]) else { return nil }
        let m: [CellKit.Matrix] = l[0]
        var g: Gradients = Gradients()
    \(assignments)
        let (clipped, norm): (Gradients, Double) = \(name).clip(g, to: l[1][0][0, 0])
        return [clipped.blocks, [CellKit.Matrix(rows: 1, columns: 1, repeating: norm)]]
      }

    """
  }

  private var trainingGlue: String {
    """

      static func train(_ l: Lists) -> Lists? {
        guard l.count % 4 == 1, fits(l, [\(parameters.count)]) else { return nil }
        var data: [Batch] = []
        for index in stride(from: 0, to: l.count - 1, by: 4) {
          guard l[index + 1].count == \(start.count) else { return nil }
          data.append(batch([[], l[index + 1], l[index + 2], l[index + 3], l[index + 4]]))
        }
        let trained: Parameters = \(name).train(data, parameters(l[0]))
        return [trained.blocks]
      }

    """
  }
}
