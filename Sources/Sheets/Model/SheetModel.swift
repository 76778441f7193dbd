// The model of a sheet that asks for one: its graphs, and what it is trained on.

public import Diagnostics
import Formula
public import Models
import Recurrence

/// The model of a sheet: a cell with a loss over words, and the data that a learner's code is trained on.
public struct SheetModel: Sendable {
  /// Where the sequences come from.
  public enum Data: Sendable, Hashable {
    /// Captions of pictures that the exercise makes, this many.
    case captions(Int)
    /// A text beside the sheet, cut into windows of so many characters, so many windows a batch.
    case text(file: String, window: Int, batch: Int)
  }

  /// Its graphs.
  public let model: SequenceModel
  /// What it is trained on.
  public let data: Data
  /// Where the sheet says what it is trained on.
  public let dataRange: Range<Int>
  /// The sheet.
  public let source: SourceText
}

/// What a task of kind `model` asks for.
public enum ModelPart: Sendable, Hashable {
  /// The forward pass over a batch: states, scores, loss.
  case forward
  /// The gradient by every parameter.
  case gradients
  /// Writing; a temperature of 0 is greedy.
  case sampling(temperatures: [Double])
  /// Clipping of the gradient's norm.
  case clipping
  /// Training: the loss to be reached, and the seconds it may take.
  case training(below: Double, seconds: Double)
}

/// `model:` of a sheet's front matter, before the equations have been read.
struct ModelDeclaration {
  /// A role's key, the symbol that plays it, and where that stands.
  struct Role {
    var key: String
    var symbol: String
    var range: Range<Int>
  }

  var target: Role
  var mask: Role
  var scores: Role
  var loss: Role
  var average: SequenceModel.Average
  var startInputs: [Declaration]
  var startParameters: [Declaration]
  var startRange: Range<Int>?
  var data: SheetModel.Data
  var dataRange: Range<Int>
}

extension SheetModel {
  /// Joins what the front matter says of a model to the cell and to the equations at time 0.
  ///
  /// - Parameter start: the sheet's `math start` blocks.
  /// - Throws: every role that nothing plays, at its place in the sheet.
  init(_ declaration: ModelDeclaration, cell: Cell, start: [SourceExcerpt]) throws(DiagnosticList) {
    let source = cell.declaration.source
    var findings: [Diagnostic] = []
    func place(_ role: ModelDeclaration.Role, among quantities: [Quantity], _ section: String, axes: Int) -> Int {
      guard
        let index = quantities.firstIndex(where: {
          $0.name.latex == role.symbol || $0.swift == role.symbol || source.substring($0.range) == role.symbol
        })
      else {
        let known = quantities.map { "`\($0.name.latex)`" }.joined(separator: ", ")
        findings.append(
          Diagnostic(
            "`\(role.symbol.clipped)` is not among the cell's `\(section)` (\(known))", in: source, at: role.range))
        return 0
      }
      if quantities[index].axes.count != axes {
        findings.append(
          Diagnostic(
            axes == 0
              ? "`\(role.symbol)` is the `\(role.key)` and must be a number for each sample: declare it as `[]`"
              : "`\(role.symbol)` is the `\(role.key)` and must be a vector with an entry for each word", in: source,
            at: role.range))
      }
      return index
    }
    let (inputs, outputs) = (cell.quantities.inputs, cell.quantities.outputs)
    let target = place(declaration.target, among: inputs, "input", axes: 1)
    let mask = place(declaration.mask, among: inputs, "input", axes: 0)
    let scores = place(declaration.scores, among: outputs, "output", axes: 1)
    let loss = place(declaration.loss, among: outputs, "output", axes: 0)
    let words = inputs.indices.filter { $0 != target && $0 != mask }
    if findings.isEmpty, words.count != 1 || inputs.count != 3 {
      findings.append(
        Diagnostic(
          "a model's cell has three inputs: the word, the target and the mask; this one has \(inputs.count)",
          in: source, at: declaration.target.range))
    }
    if findings.isEmpty {
      let sizes = [inputs[words[0]], inputs[target], outputs[scores]].map(\.axes)
      if Set(sizes).count != 1 {
        findings.append(
          Diagnostic(
            "word, target and scores have an entry for each word of the vocabulary, so their axes must be the same",
            in: source, at: declaration.target.range))
      }
    }
    for quantity in cell.quantities.all where Self.reserved.contains(quantity.swift) {
      findings.append(
        Diagnostic(
          "`\(quantity.swift)` is a name of a model's interface; choose another symbol", in: source, at: quantity.range)
      )
    }
    var opening: Cell?
    if let range = declaration.startRange {
      if start.isEmpty {
        findings.append(
          Diagnostic(
            "the model has a `start` and the text has no equations for it; write them in a block ```math start",
            in: source, at: range))
      } else {
        var declared = cell.declaration
        declared.inputs = declaration.startInputs
        declared.parameters = declaration.startParameters
        declared.outputs = cell.declaration.states
        declared.states = []
        let taken = Set(cell.quantities.all.map(\.range).map(source.substring))
        let repeated = (declaration.startInputs + declaration.startParameters).filter { taken.contains($0.symbol) }
        for item in repeated {
          findings.append(
            Diagnostic("`\(item.symbol)` has a meaning already; choose another symbol", in: source, at: item.range))
        }
        if repeated.isEmpty {
          do { opening = try Cell(declared, forward: start, isStart: true) } catch { findings += error.diagnostics }
        }
        let own = Set(cell.quantities.all.map(\.swift)).union(Self.reserved)
        for quantity in (opening?.quantities.inputs ?? []) + (opening?.quantities.parameters ?? [])
        where own.contains(quantity.swift) {
          findings.append(
            Diagnostic(
              "`\(quantity.swift)` has a meaning already; choose another symbol", in: source, at: quantity.range))
        }
      }
    } else if let block = start.first {
      findings.append(
        Diagnostic(
          "these equations say how states begin, and `model` has no `start`", in: block.source,
          at: block.sourceRange(of: 0..<1)))
    }
    guard findings.isEmpty else { throw DiagnosticList(findings) }
    self.source = source
    data = declaration.data
    dataRange = declaration.dataRange
    model = SequenceModel(
      step: cell, start: opening,
      roles: .init(word: words[0], target: target, mask: mask, scores: scores, loss: loss),
      average: declaration.average)
  }

  /// Names that the interface of a model uses itself.
  private static let reserved: Set<String> = ["blocks", "limit", "loss", "random", "steps", "temperature"]
}
