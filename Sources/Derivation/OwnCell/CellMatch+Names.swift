// A match by names: what the sheet's quantities are called in the text.

import Formula
import Recurrence

extension CellMatch {
  /// Each parameter of the text beside the parameter of the sheet that it is, or is a part of.
  private func pairs(_ own: Cell, _ sheet: Cell) -> [(own: Name, sheet: Name, isWhole: Bool, isNegated: Bool)] {
    let matrices = matrices.map { block, image in
      (
        own: own.quantities.parameters[block.parameter].name,
        sheet: sheet.quantities.parameters[image.block.parameter].name,
        isWhole: block.isWhole && image.block.isWhole, isNegated: image.isNegated
      )
    }
    let vectors = vectors.flatMap { blocks, images in
      images.compactMap { image in
        blocks.first.map { first in
          (
            own: own.quantities.parameters[first.parameter].name,
            sheet: sheet.quantities.parameters[image.block.parameter].name,
            isWhole: blocks.count == 1 && first.isWhole && image.block.isWhole, isNegated: image.isNegated
          )
        }
      }
    }
    return (matrices + vectors).sorted { ($0.sheet.latex, $0.own.latex) < ($1.sheet.latex, $1.own.latex) }
  }

  /// Whether every quantity has the name that it has on the sheet, and lies the same way.
  func isIdentity(_ own: Cell, _ sheet: Cell) -> Bool {
    own.layout == sheet.layout && absent.isEmpty && negated.isEmpty
      && states.allSatisfy { own.quantities.states[$0.key].name == sheet.quantities.states[$0.value].name }
      && inputs.allSatisfy { own.quantities.inputs[$0.key].name == sheet.quantities.inputs[$0.value].name }
      && matrices.allSatisfy { block, image in
        !image.isNegated && block.out == nil && image.block.out == nil && block.isTransposed == image.block.isTransposed
          && (block.into == nil) == (image.block.into == nil)
          && own.quantities.parameters[block.parameter].name == sheet.quantities.parameters[image.block.parameter].name
      }
      && vectors.allSatisfy { blocks, images in
        blocks.count == images.count
          && zip(blocks, images).allSatisfy { block, image in
            !image.isNegated
              && own.quantities.parameters[block.parameter].name
                == sheet.quantities.parameters[image.block.parameter].name
          }
      }
  }

  /// How many quantities have the name that they have on the sheet.
  func agreement(_ own: Cell, _ sheet: Cell) -> Int {
    states.count { own.quantities.states[$0.key].name == sheet.quantities.states[$0.value].name }
      + inputs.count { own.quantities.inputs[$0.key].name == sheet.quantities.inputs[$0.value].name }
      + pairs(own, sheet).count { $0.own == $0.sheet }
  }

  /// What each parameter and input of the sheet is in the text; several names where one is in several.
  func images(_ own: Cell, _ sheet: Cell) -> [Name: [Name]] {
    var result: [Name: [Name]] = [:]
    for pair in pairs(own, sheet) where result[pair.sheet]?.contains(pair.own) != true {
      result[pair.sheet, default: []].append(pair.own)
    }
    for (input, image) in inputs {
      result[sheet.quantities.inputs[image].name] = [own.quantities.inputs[input].name]
    }
    return result
  }

  /// The parameters that have another name, or lie otherwise: `A` is `U`, `A_z` is `-W_z`.
  func exchanged(_ own: Cell, _ sheet: Cell) -> [(own: Name, sheet: Name, isPart: Bool, isNegated: Bool)] {
    pairs(own, sheet).filter { $0.own != $0.sheet || $0.isNegated }
      .map { ($0.own, $0.sheet, !$0.isWhole, $0.isNegated) }
  }

  /// The vectors that the text leaves out.
  func left(out sheet: Cell) -> [Name] {
    absent.joined().map { sheet.quantities.parameters[$0.parameter].name }.sorted { $0.latex < $1.latex }
  }
}

extension ParameterBlock {
  fileprivate var isWhole: Bool { out == nil && into == nil }
}
