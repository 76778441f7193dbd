// The Swift side of a model, made from its sheet: what it takes and gives, and which functions its tasks ask for.

import Formula
import Models
package import Recurrence
import Sheets

/// The quantities of a model under their Swift names, from which all Swift of a submission is generated.
public struct ModelInterface: Sendable, Equatable {
  public typealias Block = CellInterface.Block

  /// How the learner's model writes.
  public enum Sampling: Sendable, Equatable {
    /// Word after word the likeliest.
    case greedy
    /// By given random numbers at a temperature.
    case random
  }

  /// The name of the type that a learner writes.
  package var name: String
  package var layout: Layout
  /// What a sequence is about.
  package var start: [Block]
  package var word: Block
  package var target: Block
  package var mask: Block
  /// What the forward pass gives at every step.
  package var results: [Block]
  package var parameters: [Block]
  /// Which functions the tasks ask for, beside `forward`.
  var hasGradients: Bool
  package var sampling: Sampling?
  var hasClipping: Bool
  var hasTraining: Bool

  init(_ sheetModel: SheetModel, tasks: [Sheet.Task]) {
    let model = sheetModel.model
    func block(_ quantity: Quantity) -> Block {
      Block(name: quantity.swift, symbol: quantity.name.latex, axes: quantity.axes)
    }
    name = model.step.name
    layout = model.layout
    start = model.startInputs.map(block)
    (word, target, mask) = (block(model.word), block(model.target), block(model.mask))
    results = model.results.map(block)
    parameters = model.parameters.map(block)
    (hasGradients, sampling, hasClipping, hasTraining) = (false, nil, false, false)
    for task in tasks {
      switch task.model {
      case .gradients: hasGradients = true
      case .sampling(let temperatures): sampling = temperatures == [0] ? .greedy : .random
      case .clipping: hasClipping = true
      case .training: (hasTraining, hasGradients) = (true, true)
      case .forward, nil: break
      }
    }
  }

  /// The functions that a learner writes, as the protocol declares them, each under the name that the compiler has
  /// for it.
  package var requirements: [(name: String, declaration: String)] {
    var list = [
      ("forward", "static func forward(_ batch: Batch, _ p: Parameters) -> (Output, Tape)")
    ]
    if hasGradients { list.append(("backward", "static func backward(_ tape: Tape, _ p: Parameters) -> Gradients")) }
    let about = start.map { "_ \(CellInterface.escaped($0.name)): Matrix, " }.joined()
    let labels = String(repeating: "_:", count: start.count + 1)
    switch sampling {
    case .greedy:
      list.append(
        (
          "sample(\(labels)steps:_:)",
          "static func sample(\(about)_ first: Matrix, steps: Int, _ p: Parameters) -> [Matrix]"
        ))
    case .random:
      list.append(
        (
          "sample(\(labels)random:temperature:_:)",
          "static func sample(\(about)_ first: Matrix, random: [Matrix], temperature: Double, _ p: Parameters) -> [Matrix]"
        ))
    case nil: break
    }
    if hasClipping {
      list.append(("clip(_:to:)", "static func clip(_ g: Gradients, to limit: Double) -> (Gradients, Double)"))
    }
    if hasTraining { list.append(("train", "static func train(_ data: [Batch], _ p: Parameters) -> Parameters")) }
    return list
  }
}
