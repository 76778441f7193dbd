// What a model is trained on: sequences of words with targets and masks, made anew for every seed.

package import CellKit
import Diagnostics
import Formula
import FoundationEssentials
import Models
import Recurrence
import Sheets

/// The vocabulary of a sheet's data and, for a seed, its batches.
package struct ModelData: Sendable {
  /// The words, or characters, in the order of the one-hot entries.
  let vocabulary: [String]
  /// What the sequences are made from beside the seed and the sheet, for the hash of an exercise.
  package let content: String
  private let model: SequenceModel
  private let letters: [String: Int]
  private let source: Source

  private enum Source: Sendable {
    case captions(Int)
    case text(String, window: Int, batch: Int)
  }

  /// A text longer than this many bytes is refused.
  private static let sizeLimit = 64 << 10

  /// Reads or prepares the data of a sheet.
  ///
  /// - Throws: what does not fit the sheet's sizes, at the place of its `data`.
  init(_ sheet: SheetModel, in folder: URL) throws(DiagnosticList) {
    model = sheet.model
    letters = sheet.model.step.declaration.sizes
    func refuse(_ message: Message) -> DiagnosticList {
      DiagnosticList([Diagnostic(message, in: sheet.source, at: sheet.dataRange)])
    }
    switch sheet.data {
    case .captions(let count):
      guard model.startInputs.count == 1, model.startInputs[0].axes.count == 1 else {
        throw refuse("captions need a `start` with one vector as its input, the feature of the picture")
      }
      vocabulary = Captions.vocabulary
      content = vocabulary.joined(separator: " ")
      source = .captions(count)
    case .text(let file, let window, let batch):
      guard model.startInputs.isEmpty else {
        throw refuse("a `text` gives nothing for the input of `start`; take `start` out")
      }
      let url = folder.appending(path: file)
      guard let bytes = try? [UInt8](Data(contentsOf: url)) else {
        throw refuse("there is no file `\(file)` beside the sheet")
      }
      guard bytes.count <= Self.sizeLimit, let text = String(validating: bytes, as: UTF8.self) else {
        throw refuse("`\(file)` is longer than \(Self.sizeLimit >> 10) KiB, or no UTF-8")
      }
      let characters = text.map(String.init)
      guard characters.count > window else {
        throw refuse("`\(file)` has \(characters.count) characters, which do not fill one window of \(window)")
      }
      vocabulary = Set(characters).sorted()
      content = text
      source = .text(text, window: window, batch: batch)
    }
    let size = vocabularySize(letters)
    guard size == vocabulary.count else {
      let letter = model.word.axes.first ?? "V"
      throw refuse(
        "the data has \(vocabulary.count) different words, so the size `\(letter)` is \(vocabulary.count), not \(size)")
    }
  }

  private func vocabularySize(_ letters: [String: Int]) -> Int {
    let (rows, columns) = Sizes(letters.merging(["N": 1]) { $1 }, steps: 1).storage(model.word.shape, model.layout)
    return rows * columns
  }

  /// The sequences of a seed.
  func batches(seed: UInt64) -> [ModelBatch] {
    switch source {
    case .captions(let count):
      let (rows, columns) = Sizes(letters.merging(["N": 1]) { $1 }, steps: 1)
        .storage(model.startInputs[0].shape, model.layout)
      let captions = Captions(count: count, features: rows * columns, seed: seed)
      return [batch(captions.words, padding: 0, start: [samples(captions.features)])]
    case .text(let text, let window, let size):
      let index = Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0) })
      let numbers = Retelling.of(text, seed: seed).compactMap { index[String($0)] }
      // Neighbouring windows share a character: the last target of one is the first word of the next.
      let windows = stride(from: 0, to: numbers.count - 1, by: window).map {
        Array(numbers[$0..<min($0 + window + 1, numbers.count)])
      }
      return stride(from: 0, to: windows.count, by: size).map { first in
        batch(Array(windows[first..<min(first + size, windows.count)]), padding: nil, start: [])
      }
    }
  }

  /// Sequences as matrices: every word but the last is read, every word but the first is to follow.
  private func batch(_ sequences: [[Int]], padding: Int?, start: [Matrix]) -> ModelBatch {
    let steps = (sequences.map(\.count).max() ?? 1) - 1
    func oneHot(_ step: Int) -> Matrix {
      samples(
        sequences.map { words in
          var entries = [Double](repeating: 0, count: vocabulary.count)
          // What follows the end is the word for padding where the vocabulary has one, otherwise nothing at all.
          if let word = step < words.count ? words[step] : padding { entries[word] = 1 }
          return entries
        })
    }
    return ModelBatch(
      start: start, words: (0..<steps).map(oneHot), targets: (1...steps).map(oneHot),
      mask: (1...steps).map { step in samples(sequences.map { [step < $0.count ? 1 : 0] }) })
  }

  /// One list of entries a sample as a matrix.
  private func samples(_ entries: [[Double]]) -> Matrix {
    let rows = Matrix(entries)
    return model.layout == .columns ? rows.T : rows
  }

  /// Parameters to begin with: matrices of a size that keeps sums of size one, biases zero.
  package func parameters(seed: UInt64) -> [Matrix] {
    var generator = SeededGenerator(seed: seed, stream: 300)
    let sizes = Sizes(letters.merging(["N": 1]) { $1 }, steps: 1)
    return model.parameters.map { quantity in
      let (rows, columns) = sizes.storage(quantity.shape, model.layout)
      guard quantity.axes.count == 2 else { return .zeros(rows, columns) }
      let inner = Double(model.layout == .columns ? columns : rows)
      return Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in generator.normal() / inner.squareRoot() })
    }
  }

  /// The sheet's sizes; `N` is a batch's own.
  package var sizes: [String: Int] { letters }
}
