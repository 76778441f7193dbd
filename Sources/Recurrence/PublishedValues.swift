// What somebody else computed for a case, in the form in which `unroll reference` writes it.

import CellKit
import FoundationEssentials

/// Outputs and gradients that came with a case, each of the shape that the cell gives it.
public struct PublishedValues: Sendable {
  /// For each state and output, its matrix at the steps 1…T.
  public let outputs: Outputs
  /// The gradients by parameters, inputs and initial states.
  public let gradients: Gradients
}

extension CaseFile {
  /// Reads the keys `outputs` and `gradients` that stand beside a case.
  ///
  /// - Throws: a `CaseError` with the path inside the JSON where a block is missing; shapes are not looked at.
  public static func readValues(_ bytes: [UInt8], for cell: Cell) throws(CaseError) -> PublishedValues {
    guard bytes.count <= sizeLimit else { throw CaseError("values", "are larger than \(sizeLimit >> 20) MiB") }
    let file: StoredValues
    do { file = try decoder.decode(StoredValues.self, from: Data(bytes)) } catch { throw decodingError(error) }
    let quantities = cell.quantities
    let outputs = try required(file.outputs, quantities.results, "outputs", series)
    var single: [String: Rows] = [:]
    var steps: [String: [Rows]] = [:]
    for (key, value) in file.gradients ?? [:] {
      switch value {
      case .matrix(let rows): single[key] = rows
      case .steps(let list): steps[key] = list
      }
    }
    return PublishedValues(
      outputs: outputs,
      gradients: Gradients(
        parameters: try required(single, quantities.parameters, "gradients", matrix),
        inputs: try required(steps, quantities.inputs, "gradients", series),
        initial: try required(single, quantities.states, "gradients", matrix), states: []))
  }

  private struct StoredValues: Decodable {
    var outputs: [String: [Rows]]?
    var gradients: [String: Gradient]?

    /// A parameter or an initial state has one gradient, an input one a step.
    enum Gradient: Decodable {
      case matrix(Rows)
      case steps([Rows])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let rows = try? container.decode(Rows.self) {
          self = .matrix(rows)
        } else {
          self = .steps(try container.decode([Rows].self))
        }
      }
    }
  }
}
