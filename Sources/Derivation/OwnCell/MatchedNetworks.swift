// A match tried in numbers: the sheet's network and the text's with the same parameters, run beside each other.

import CellKit
import Formula
import Recurrence

/// The two networks of a match.
struct MatchedNetworks {
  private let own: Cell
  private let sheet: Cell
  private let match: CellMatch
  private let ownTape: Tape
  private let sheetTape: Tape
  private static let steps = 4

  /// - Returns: nil where the two do not compute the same states.
  init?(own: Cell, sheet: Cell, _ match: CellMatch, seed: UInt64) {
    self.own = own
    self.sheet = sheet
    self.match = match
    var letters: [String: Int] = [:]
    for (index, letter) in sheet.declaration.sizes.keys.sorted().enumerated() { letters[letter] = 3 + index }
    letters["N"] = 1
    let sizes = Sizes(letters, steps: Self.steps)
    let value = sheet.randomCase(sizes, seed: seed)
    guard let (zeroed, mapped) = Self.mapped(value, own, sheet, match, letters),
      let ownSizes = try? own.sizes(of: mapped)
    else { return nil }
    sheetTape = Tape(sheet, sizes: sizes, zeroed)
    ownTape = Tape(own, sizes: ownSizes, mapped)
    let isFlipped = own.layout != sheet.layout
    for (state, image) in match.states {
      for step in 1...Self.steps {
        let a = ownTape.value(own.graph.results[state], at: step)
        let b = sheetTape.value(sheet.graph.results[image], at: step)
        guard Self.agree(a, isFlipped ? b.flipped : b) else { return nil }
      }
    }
  }

  private static func agree(_ a: Matrix, _ b: Matrix) -> Bool {
    guard let difference = a.combined(b, { $0 - $1 })?.largest, a.rows == b.rows, a.columns == b.columns else {
      return false
    }
    return difference <= 1e-10 * max(a.largest, b.largest, 1e-3)
  }

  // MARK: Parameters

  /// The sheet's case without the biases that the text leaves out, and the text's case.
  private static func mapped(
    _ value: Case, _ own: Cell, _ sheet: Cell, _ match: CellMatch, _ letters: [String: Int]
  ) -> (sheet: Case, own: Case)? {
    var value = value
    for block in match.absent.joined() { value.parameters[block.parameter].fill(block, with: 0, letters) }
    let isFlipped = own.layout != sheet.layout
    guard let numbers = sizes(own, sheet, match, letters) else { return nil }
    var parameters = own.quantities.parameters.map { quantity -> Matrix in
      let (rows, columns) = Sizes(numbers, steps: 1).storage(quantity.shape, own.layout)
      return .zeros(rows, columns)
    }
    for (block, image) in match.matrices {
      guard let part = value.parameters[image.block.parameter].part(image.block, letters),
        parameters[block.parameter].set(block, to: image.isNegated ? part.scaled(-1) : part, numbers)
      else { return nil }
    }
    for (blocks, images) in match.vectors {
      var sum: Matrix?
      for image in images {
        guard
          let part = value.parameters[image.block.parameter].part(image.block, letters, isRow: sheet.layout == .rows)
        else { return nil }
        let signed = image.isNegated ? part.scaled(-1) : part
        sum = sum?.combined(signed) { $0 + $1 } ?? signed
      }
      guard let sum, let first = blocks.first,
        parameters[first.parameter].set(first, to: sum, numbers, isRow: own.layout == .rows)
      else { return nil }
    }
    func flipped(_ matrix: Matrix) -> Matrix { isFlipped ? matrix.flipped : matrix }
    var inputs: [[Matrix]] = []
    for index in own.quantities.inputs.indices {
      guard let image = match.inputs[index] else { return nil }
      inputs.append(value.inputs[image].map(flipped))
    }
    var initial: [Matrix] = []
    for index in own.quantities.states.indices {
      guard let image = match.states[index] else { return nil }
      initial.append(flipped(value.initial[image]))
    }
    let upstream = own.quantities.states.map { _ in [Matrix?](repeating: nil, count: steps) }
    return (value, Case(parameters: parameters, inputs: inputs, initial: initial, upstream: upstream))
  }

  /// A number for each letter of the text's cell, from what each quantity is on the sheet.
  private static func sizes(
    _ own: Cell, _ sheet: Cell, _ match: CellMatch, _ letters: [String: Int]
  ) -> [String: Int]? {
    func length(_ quantity: Quantity) -> Dimension { quantity.axes.first.flatMap { Dimension($0) } ?? Size.one }
    var equations: [(Dimension, Int)] = []
    for (a, b) in match.states {
      equations.append((length(own.quantities.states[a]), length(sheet.quantities.states[b]).value(letters)))
    }
    for (a, b) in match.inputs {
      equations.append((length(own.quantities.inputs[a]), length(sheet.quantities.inputs[b]).value(letters)))
    }
    for (block, image) in match.matrices {
      let (mine, other) = (block.extent(of: own), image.block.extent(of: sheet))
      equations.append((mine.out, other.out.value(letters)))
      equations.append((mine.into, other.into.value(letters)))
    }
    var numbers = ["N": 1]
    var isChanged = true
    while isChanged {
      isChanged = false
      for (dimension, count) in equations {
        let open = dimension.letters.filter { numbers[$0] == nil }
        guard open.count == 1, let letter = open.first else { continue }
        let factor = dimension.value([letter: 1])
        let rest = count - dimension.value(numbers)
        guard rest > 0, rest % factor == 0 else { return nil }
        numbers[letter] = rest / factor
        isChanged = true
      }
    }
    // What belongs to outputs only may be as large as it likes.
    for letter in own.declaration.sizes.keys where numbers[letter] == nil { numbers[letter] = 2 }
    return numbers
  }

  // MARK: Nodes

  /// For each named quantity of the sheet, the nodes of the text's cell by which the derivative of any loss is the same,
  /// up to its sign: it is the same quantity, or one that stands in its place.
  func nodes() -> [Name: (node: Int, isNegated: Bool)] {
    let isFlipped = own.layout != sheet.layout
    var generator = SeededGenerator(seed: 7, stream: 3)
    var mine: [Tape.Seed] = []
    var others: [Tape.Seed] = []
    for (state, image) in match.states.sorted(by: { $0.key < $1.key }) {
      for step in 1...Self.steps {
        let (rows, columns) = sheetTape.extent(sheet.graph.results[image])
        let gradient = Matrix(
          rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in generator.normal() })
        others.append(Tape.Seed(node: sheet.graph.results[image], step: step, gradient: gradient))
        mine.append(
          Tape.Seed(node: own.graph.results[state], step: step, gradient: isFlipped ? gradient.flipped : gradient))
      }
    }
    let ownTable = ownTape.adjoints(mine, from: Self.steps)
    let sheetTable = sheetTape.adjoints(others, from: Self.steps)
    let named = Set(own.graph.named.values)
    let candidates = own.graph.nodes.indices.sorted { named.contains($0) && !named.contains($1) }
    var result: [Name: (node: Int, isNegated: Bool)] = [:]
    for (name, node) in sheet.graph.named {
      let target = (1...Self.steps).map { step -> Matrix in
        let value = sheetTape.adjoint(node, at: step, in: sheetTable)
        return isFlipped ? value.flipped : value
      }
      for sign in [1.0, -1] where result[name] == nil {
        let found = candidates.first { candidate in
          target.indices.allSatisfy { index in
            Self.agree(
              ownTape.adjoint(candidate, at: index + 1, in: ownTable).scaled(sign), target[index])
          }
        }
        if let found { result[name] = (found, sign < 0) }
      }
    }
    return result
  }
}

extension ParameterBlock {
  /// How many entries come out and go in.
  fileprivate func extent(of cell: Cell) -> (out: Dimension, into: Dimension) {
    let axes = cell.quantities.parameters[parameter].axes.compactMap { Dimension($0) }
    let whole = axes.count == 2 ? (isTransposed ? (axes[1], axes[0]) : (axes[0], axes[1])) : (axes[0], Size.one)
    return (out?.length ?? whole.0, into?.length ?? whole.1)
  }
}

extension Matrix {
  /// The rows and columns that a block means, of the matrix as it stands.
  private func ranges(_ block: ParameterBlock, _ letters: [String: Int]) -> (rows: Range<Int>, columns: Range<Int>)? {
    func range(_ part: ParameterBlock.Part?, _ whole: Int) -> Range<Int>? {
      guard let part else { return 0..<whole }
      let start = part.start.value(letters)
      let end = start + part.length.value(letters)
      return end <= whole ? start..<end : nil
    }
    let (out, into) = block.isTransposed ? (columns, rows) : (rows, columns)
    guard let a = range(block.out, out), let b = range(block.into, into) else { return nil }
    return block.isTransposed ? (b, a) : (a, b)
  }

  /// A part, what comes out upright; a vector that lies in a row is raised.
  fileprivate func part(_ block: ParameterBlock, _ letters: [String: Int], isRow: Bool = false) -> Matrix? {
    var block = block
    if isRow { block.isTransposed = true }
    guard let (rows, columns) = ranges(block, letters) else { return nil }
    let elements = rows.flatMap { row in columns.map { self[row, $0] } }
    let part = Matrix(rows: rows.count, columns: columns.count, elements: elements)
    return block.isTransposed ? part.flipped : part
  }

  /// Puts a part in its place.
  ///
  /// - Returns: false where it does not fit.
  fileprivate mutating func set(
    _ block: ParameterBlock, to part: Matrix, _ letters: [String: Int], isRow: Bool = false
  ) -> Bool {
    var block = block
    if isRow { block.isTransposed = true }
    guard let (rows, columns) = ranges(block, letters) else { return false }
    let part = block.isTransposed ? part.flipped : part
    guard part.rows == rows.count, part.columns == columns.count else { return false }
    for (i, row) in rows.enumerated() { for (j, column) in columns.enumerated() { self[row, column] = part[i, j] } }
    return true
  }

  fileprivate mutating func fill(_ block: ParameterBlock, with number: Double, _ letters: [String: Int]) {
    // A vector is as long whichever way it lies.
    let count = rows * columns
    let start = block.out?.start.value(letters) ?? 0
    let end = start + (block.out?.length.value(letters) ?? count)
    for index in start..<min(end, count) { self[index / columns, index % columns] = number }
  }
}
