// Cases and results as JSON for `unroll reference`: exact both ways, and clear about what does not fit.

import CellKit
import FoundationEssentials

/// Reads and writes the JSON of `unroll reference`.
public enum CaseFile {
  /// A file larger than this many bytes is refused.
  public static let sizeLimit = 64 << 20

  /// Reads a case for a cell.
  ///
  /// - Parameter unknown: is told each key that the cell has no use for.
  /// - Throws: a `CaseError` with the path inside the JSON.
  public static func read(
    _ bytes: [UInt8], for cell: Cell, unknown: (String) -> Void
  ) throws(CaseError) -> Case {
    guard bytes.count <= sizeLimit else { throw CaseError("case", "is larger than \(sizeLimit >> 20) MiB") }
    let file: Stored
    do { file = try decoder.decode(Stored.self, from: Data(bytes)) } catch {
      throw decodingError(error)
    }
    let quantities = cell.quantities
    for key in file.unknown.sorted() { unknown(key) }
    let sections = [
      ("parameters", Array((file.parameters ?? [:]).keys), quantities.parameters),
      ("inputs", Array((file.inputs ?? [:]).keys), quantities.inputs),
      ("initial", Array((file.initial ?? [:]).keys), quantities.states),
      ("upstream", Array((file.upstream ?? [:]).keys), quantities.results),
    ]
    for (section, keys, known) in sections {
      for key in keys.sorted() where !known.contains(where: { $0.swift == key }) { unknown("\(section).\(key)") }
    }
    let parameters = try required(file.parameters, quantities.parameters, "parameters", matrix)
    let inputs = try required(file.inputs, quantities.inputs, "inputs", series)
    let steps = inputs.first?.count ?? 0
    let initial = try required(file.initial, quantities.states, "initial", matrix)
    var upstream: [[Matrix?]] = []
    for quantity in quantities.results {
      guard let steps = file.upstream?[quantity.swift] else {
        upstream.append([Matrix?](repeating: nil, count: steps))
        continue
      }
      var list: [Matrix?] = []
      for (step, rows) in steps.enumerated() {
        if let rows { list.append(try matrix(rows, "upstream.\(quantity.swift)[\(step)]")) } else { list.append(nil) }
      }
      upstream.append(list)
    }
    return Case(parameters: parameters, inputs: inputs, initial: initial, upstream: upstream)
  }

  /// A case as JSON, so that another program can compute it again.
  public static func text(of value: Case, for cell: Cell) -> String {
    let quantities = cell.quantities
    var upstream: [(String, String)] = []
    for (quantity, list) in zip(quantities.results, value.upstream) where list.contains(where: { $0 != nil }) {
      upstream.append((quantity.swift, array(list.map { $0.map(json) ?? "null" })))
    }
    return object([
      ("parameters", object(named(quantities.parameters, value.parameters.map(json)))),
      ("inputs", object(named(quantities.inputs, value.inputs.map(json)))),
      ("initial", object(named(quantities.states, value.initial.map(json)))),
      ("upstream", object(upstream)),
    ])
  }

  /// What the reference computes, as JSON.
  public static func text(of outputs: Outputs, _ gradients: Gradients, for cell: Cell) -> String {
    let quantities = cell.quantities
    let blocks =
      named(quantities.parameters, gradients.parameters.map(json))
      + named(quantities.inputs, gradients.inputs.map(json))
      + named(quantities.states, gradients.initial.map(json))
    return object([
      ("outputs", object(named(quantities.results, outputs.map(json)))), ("gradients", object(blocks)),
    ])
  }

  // MARK: Reading

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }

  typealias Rows = [[Double]]

  private struct Stored: Decodable {
    var parameters: [String: Rows]?
    var inputs: [String: [Rows]]?
    var initial: [String: Rows]?
    var upstream: [String: [Rows?]]?
    var unknown: [String] = []

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      parameters = try container.decodeIfPresent([String: Rows].self, forKey: Key(stringValue: "parameters"))
      inputs = try container.decodeIfPresent([String: [Rows]].self, forKey: Key(stringValue: "inputs"))
      initial = try container.decodeIfPresent([String: Rows].self, forKey: Key(stringValue: "initial"))
      upstream = try container.decodeIfPresent([String: [Rows?]].self, forKey: Key(stringValue: "upstream"))
      let known: Set<String> = ["parameters", "inputs", "initial", "upstream"]
      unknown = container.allKeys.map(\.stringValue).filter { !known.contains($0) }
    }
  }

  static func decodingError(_ error: any Error) -> CaseError {
    func path(_ context: DecodingError.Context) -> String {
      let parts = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }
      let joined = String(parts.joined().drop { $0 == "." })
      return joined.isEmpty ? "case" : joined
    }
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return CaseError(path(context), "is not what belongs here: a matrix is a list of rows, each a list of numbers")
    case DecodingError.keyNotFound(let key, let context):
      return CaseError(path(context), "lacks `\(key.stringValue)`")
    case DecodingError.dataCorrupted(let context):
      let isNumber = !context.codingPath.isEmpty
      // The reader's own words hold the line and column.
      let found = (context.underlyingError as? CocoaError)?.userInfo["NSDebugDescription"] as? String
      let place = found.map { ": " + ($0.hasSuffix(".") ? String($0.dropLast()) : $0) } ?? ""
      let reason = isNumber ? "is no number that a double can hold" : "is not valid JSON\(place)"
      return CaseError(path(context), reason)
    default: return CaseError("case", "cannot be read: \(error)")
    }
  }

  static func required<Stored, Value>(
    _ section: [String: Stored]?, _ quantities: [Quantity], _ name: String,
    _ convert: (Stored, String) throws(CaseError) -> Value
  ) throws(CaseError) -> [Value] {
    guard !quantities.isEmpty else { return [] }
    var values: [Value] = []
    for quantity in quantities {
      guard let stored = section?[quantity.swift] else {
        throw CaseError("\(name).\(quantity.swift)", "is missing")
      }
      values.append(try convert(stored, "\(name).\(quantity.swift)"))
    }
    return values
  }

  static func matrix(_ rows: Rows, _ path: String) throws(CaseError) -> Matrix {
    let columns = rows.first?.count ?? 0
    guard columns > 0 else { throw CaseError(path, "is empty; a matrix has at least one row and one column") }
    for (index, row) in rows.enumerated() where row.count != columns {
      throw CaseError("\(path)[\(index)]", "has \(row.count) entries where the first row has \(columns)")
    }
    return Matrix(rows: rows.count, columns: columns, elements: Array(rows.joined()))
  }

  static func series(_ list: [Rows], _ path: String) throws(CaseError) -> [Matrix] {
    guard !list.isEmpty else { throw CaseError(path, "has no steps; give one matrix a step") }
    var matrices: [Matrix] = []
    for (step, rows) in list.enumerated() { matrices.append(try matrix(rows, "\(path)[\(step)]")) }
    return matrices
  }

  // MARK: Writing

  private static func named(_ quantities: [Quantity], _ values: [String]) -> [(String, String)] {
    zip(quantities, values).map { ($0.swift, $1) }
  }

  private static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  private static func array(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }

  private static func json(_ matrices: [Matrix]) -> String { array(matrices.map(json)) }

  private static func json(_ matrix: Matrix) -> String {
    array((0..<matrix.rows).map { row in array((0..<matrix.columns).map { json(matrix[row, $0]) }) })
  }

  /// The shortest text that reads back to the same double.
  private static func json(_ number: Double) -> String {
    if number.isNaN { return "\"NaN\"" }
    if number.isInfinite { return number > 0 ? "\"Infinity\"" : "\"-Infinity\"" }
    return number == number.rounded() && abs(number) < 1e15 && !(number == 0 && number.sign == .minus)
      ? String(Int(number)) : number.description
  }
}
