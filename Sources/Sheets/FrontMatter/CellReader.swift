// Reads `cell:` of a sheet's front matter.

import Diagnostics
import Markdown
import Recurrence

extension FieldReader {
  private static let cellKeys = [
    "name", "layout", "jacobian", "sizes", "input", "state", "output", "parameters", "loss", "constants", "functions",
    "layers", "otimes", "batch",
  ]
  /// Names that the interface of a submission uses itself, and those that Swift keeps.
  private static let takenTypeNames: Set<String> = [
    "Adam", "Any", "Array", "Batch", "Bool", "Cache", "Cell", "Double", "Float", "Gradients", "Input", "Int", "Matrix",
    "Model", "Output", "Parameters", "Protocol", "Self", "SequenceGradients", "State", "String", "Tape", "Type",
    "Unrolled", "Void",
  ]

  /// The cell.
  mutating func cell(_ entry: FrontMatterEntry) -> CellDeclaration? {
    guard let entries = entries(entry, example: "name: LSTM") else { return nil }
    let fields = fields(entries, known: Self.cellKeys, of: "`cell`")
    for key in ["name", "sizes", "input", "state"] where fields[key] == nil {
      report("`cell` has no `\(key)`; write it below `cell:`", entry.keyRange)
    }
    var cell = CellDeclaration(title: title(fields["name"]) ?? "", source: source, range: entry.keyRange)
    cell.layout = word(fields["layout"]) ?? .columns
    cell.jacobian = word(fields["jacobian"]) ?? .denominator
    cell.loss = word(fields["loss"]) ?? .every
    cell.batch = flag(fields["batch"]) ?? false
    let otimes: Otimes? = word(fields["otimes"])
    cell.otimes = otimes?.rawValue
    cell.layers = integer(fields["layers"], in: 2...4)
    if let sizes = fields["sizes"] { cell.sizes = self.sizes(sizes) }
    let known = fields["sizes"] == nil ? nil : Set(cell.sizes.keys)
    cell.inputs = quantities(fields["input"], sizes: known)
    cell.states = quantities(fields["state"], sizes: known)
    cell.outputs = quantities(fields["output"], sizes: known)
    cell.parameters = quantities(fields["parameters"], sizes: known)
    if let constants = fields["constants"], let entries = self.entries(constants, example: "c: 8") {
      for entry in entries { cell.constants[symbol(entry)] = number(entry) }
    }
    if let functions = fields["functions"], let entries = self.entries(functions, example: "g: tanh") {
      for entry in entries { cell.functions[symbol(entry)] = text(entry) }
    }
    reportRepeatedSymbols(fields)
    return cell
  }

  /// What `\otimes` may stand for.
  private enum Otimes: String, CaseIterable {
    case hadamard, outer
  }

  /// The name of the cell for people; the name of its Swift type is made from it.
  private mutating func title(_ entry: FrontMatterEntry?) -> String? {
    guard let entry, let title = text(entry) else { return nil }
    let type = CellDeclaration.typeName(for: title)
    guard !type.isEmpty, title.count <= 40 else {
      report(
        "`name` is a name of at most 40 characters, such as `LSTM` or `minGRU`, \(entry.value.contrast)", place(entry))
      return nil
    }
    guard !Self.takenTypeNames.contains(type) else {
      report("`\(type)` is taken by the interface of a submission; choose another name", entry.value.range)
      return nil
    }
    return title
  }

  private mutating func sizes(_ entry: FrontMatterEntry) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for entry in entries(entry, example: "{D: 3, H: 5, N: 10}") ?? [] {
      guard entry.key.utf8.count == 1, entry.key.utf8.allSatisfy(\.isLetter) else {
        report("a size is one letter such as `H`, not `\(entry.key.clipped)`", entry.keyRange)
        continue
      }
      // A size that is no number is reported once, not again at each axis that uses it.
      sizes[entry.key] = integer(entry, in: 1...1000) ?? 1
    }
    return sizes
  }

  /// The key of an entry as a symbol in LaTeX.
  private mutating func symbol(_ entry: FrontMatterEntry) -> String {
    let symbol = entry.key.trimmed
    let first = symbol.utf8.first ?? 0
    if !(first.isLetter || first == UInt8(ascii: "\\") || first >= 128) || symbol.utf8.count > 60 {
      report(
        "`\(symbol.clipped)` is no symbol; one begins with a letter or a command, such as `W_f` or `'\\tilde{c}'`",
        entry.keyRange)
    }
    return symbol
  }

  mutating func quantities(_ entry: FrontMatterEntry?, sizes: Set<String>?) -> [Declaration] {
    guard let entry, let entries = entries(entry, example: "h: [H]") else { return [] }
    if entries.isEmpty, entry.key == "input" || entry.key == "state" {
      report("`\(entry.key)` names nothing; write a symbol and its axes, such as `h: [H]`", place(entry))
    }
    return entries.map { entry in
      Declaration(symbol: symbol(entry), axes: axes(entry, sizes: sizes), range: entry.keyRange)
    }
  }

  private mutating func axes(_ entry: FrontMatterEntry, sizes: Set<String>?) -> [String] {
    guard case .list(let values) = entry.value.content else {
      reportType(entry, "a list of axes such as `[H]`, `[H, D]`, or `[]` for a scalar")
      return []
    }
    if values.count > 2 {
      report("`\(entry.key)` has \(values.count) axes; there are at most two, as in `[H, D]`", entry.value.range)
    }
    var axes: [String] = []
    for value in values {
      guard case .text(let axis, isQuoted: _) = value.content, let letters = Self.letters(ofAxis: axis) else {
        report("an axis is written `H`, `4H` or `H+D`, \(value.contrast)", value.range)
        continue
      }
      for letter in letters {
        if letter == "N" {
          report(
            "`N` counts the samples of a batch and is no axis; leave it out, it is added where it belongs", value.range)
        } else if let sizes, !sizes.contains(letter) {
          let known: Message = sizes.isEmpty ? "" : " (it has \(sizes.sorted().joined(separator: ", ")))"
          report("the size `\(letter)` is not in `sizes`\(known); add it, such as `\(letter): 3`", value.range)
        }
      }
      axes.append(axis.filter { $0 != " " })
    }
    return axes
  }

  /// The letters of `H`, `4H` or `H+2D`; nil where it is no axis.
  private static func letters(ofAxis axis: String) -> [String]? {
    var letters: [String] = []
    for term in axis.split(separator: "+", omittingEmptySubsequences: false) {
      let term = term.trimmed
      let digits = term.utf8.prefix(while: \.isDigit)
      guard digits.count <= 4, digits.first != UInt8(ascii: "0") else { return nil }
      let rest = String(term.dropFirst(digits.count))
      if rest.isEmpty, !digits.isEmpty { continue }
      guard rest.utf8.count == 1, rest.utf8.allSatisfy(\.isLetter) else { return nil }
      letters.append(rest)
    }
    return letters
  }

  /// All names of a cell are distinct.
  private mutating func reportRepeatedSymbols(_ fields: [String: FrontMatterEntry]) {
    var seen: [String: String] = [:]
    for key in ["input", "state", "output", "parameters", "constants", "functions"] {
      guard let field = fields[key], case .mapping(let entries) = field.value.content else { continue }
      for entry in entries {
        let symbol = entry.key.filter { !$0.isWhitespace }
        if let other = seen[symbol] {
          report("`\(entry.key)` stands under `\(other)` already; a name means one thing in a sheet", entry.keyRange)
        } else {
          seen[symbol] = key
        }
      }
    }
  }
}

extension UInt8 {
  var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
