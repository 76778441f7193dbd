// Which equations make the cell of a text: its own, those that it leaves to the sheet, and names for what functions act on.

import Diagnostics
import Formula
import Recurrence

/// The equations of a text's cell, complete.
struct OwnEquations {
  private(set) var all: [ForwardEquation] = []
  /// Where the lines of the text begin that are among them.
  private(set) var starts: Set<Int> = []
  /// By how many steps an input of the text comes earlier than the cell reads it.
  private(set) var shifts: [Name: Int] = [:]
  /// Names that are the sheet's and keep the sheet's equation.
  private(set) var completed: Set<Name> = []
  /// Names of values that no state is made of.
  private(set) var outputs: [Name] = []
  /// Outputs that the text uses and nowhere states.
  private(set) var assumptions: [AssumedOutput] = []
  /// Names that were given here to arguments of functions, with the arguments.
  private(set) var arguments: [Name: Expression] = [:]

  /// - Parameters:
  ///   - lines: the forward equations of the text.
  ///   - names: the text as it was read.
  ///   - labels: what the text calls quantities of the sheet that it does not define.
  /// - Returns: nil where the text states no cell.
  init?(_ lines: [ForwardLine], _ names: StatedNames, sheet: Cell, labels: ConventionalLabels) {
    let defined = Dictionary(lines.flatMap { line in line.names.map { ($0, line) } }) { first, _ in first }
    let others = sheet.equations.map { labels.renamed($0).moved(to: 0..<0) }
    let known = Set(others.flatMap { $0.left.map(\.name) })
    let restated = Set(defined.keys).intersection(known)
    let states = Set(
      lines.flatMap { line in line.reads.filter { ($0.step ?? 0) < 0 && defined[$0.name] != nil }.map(\.name) })
    let assumed = AssumedOutputs(names)
    guard !states.isEmpty || !restated.isEmpty || !labels.sheet.isEmpty || !assumed.outputs(of: known).isEmpty else {
      return nil
    }
    let isPartial = states.isEmpty || !restated.isEmpty
    // In the order of the text, so that one text gives one cell.
    var queue = lines.flatMap(\.names).filter { states.contains($0) || restated.contains($0) }
    if queue.isEmpty { queue = others.flatMap { $0.left.map(\.name) } }
    guard add(queue, defined, others, isPartial: isPartial) else { return nil }
    addOutputs(lines, names)
    nameParts(states)
    for output in assumed.outputs(of: Set(all.flatMap { $0.left.map(\.name) })) {
      all.append(output.equation(like: all))
      outputs.append(output.name)
      assumptions.append(output)
    }
    guard let aligned = Self.aligned(all, &shifts) else { return nil }
    all = aligned.map { $0.replacing($0.right.normalized) }
    nameArguments()
  }

  /// Adds the equations of names and of all that they are made of.
  ///
  /// - Returns: false where the sheet gives several of them at once and the text only some.
  private mutating func add(
    _ names: [Name], _ defined: [Name: ForwardLine], _ others: [ForwardEquation], isPartial: Bool
  ) -> Bool {
    var queue = names
    var seen = Set(queue)
    while !queue.isEmpty {
      let name = queue.removeFirst()
      let equation: ForwardEquation
      if let line = defined[name] {
        equation = line.equation
        if line.isFirst { starts.insert(line.start) }
      } else if isPartial, let own = others.first(where: { $0.left.contains { $0.name == name } }) {
        guard own.left.allSatisfy({ defined[$0.name] == nil }) else { return false }
        completed.formUnion(own.left.map(\.name))
        equation = own
      } else {
        continue
      }
      if all.contains(where: { $0.left == equation.left }) { continue }
      all.append(equation)
      for symbol in equation.right.symbols where seen.insert(symbol.name).inserted { queue.append(symbol.name) }
    }
    return true
  }

  /// Puts the name of an equation wherever its right side stands in another one: `z_t = U h_{t-1} + W x_t` beside
  /// `h_t = \tanh(U h_{t-1} + W x_t)`.
  private mutating func nameParts(_ states: Set<Name>) {
    for equation in all where equation.left.count == 1 && !states.contains(equation.left[0].name) {
      let name = equation.left[0].name
      let others = all.filter { $0.left != equation.left }
      guard !others.contains(where: { $0.right.symbols.contains { $0.name == name } }),
        let named = SubexpressionNaming(name, equation.right).apply(to: others, source: equation.source)
      else { continue }
      all = named.dropLast() + [equation]
    }
  }

  /// Adds what the text differentiates by, or the loss, and what no state is made of: an output layer.
  private mutating func addOutputs(_ lines: [ForwardLine], _ names: StatedNames) {
    let wanted = Set(names.statements.flatMap { $0.differentiated }.map(\.name))
    var isDone = false
    while !isDone {
      isDone = true
      let own = Set(all.flatMap { $0.left.map(\.name) })
      let inner = Set(all.flatMap { $0.right.symbols.map(\.name) })
      for line in lines where line.names.count == 1 && !own.contains(line.names[0]) {
        let timed = line.reads.filter { $0.step != nil }.map(\.name)
        // An output layer is also known by parameters of its own that the text differentiates by.
        let isOfOwnParameters = line.reads.contains {
          $0.step == nil && wanted.contains($0.name) && !inner.contains($0.name)
        }
        guard timed.contains(where: own.contains),
          wanted.contains(line.names[0]) || isOfOwnParameters || line.readsAnOutput(of: outputs)
        else { continue }
        if let named = SubexpressionNaming(line.names[0], line.equation.right).apply(
          to: all, source: line.equation.source)
        {
          all = named
        } else {
          all.append(line.equation)
          outputs.append(line.names[0])
        }
        if line.isFirst { starts.insert(line.start) }
        isDone = false
        break
      }
    }
  }

  /// The equations with every input read at its own step; nil where one is read at several, or a state too early.
  private static func aligned(
    _ equations: [ForwardEquation], _ shifts: inout [Name: Int]
  ) -> [ForwardEquation]? {
    let defined = Set(equations.flatMap { $0.left.map(\.name) })
    var steps: [Name: Set<Int>] = [:]
    for equation in equations {
      for symbol in equation.right.symbols {
        if let time = symbol.times.first { steps[symbol.name, default: []].insert(time.offset) }
      }
    }
    for (name, all) in steps {
      if defined.contains(name) {
        guard all.isSubset(of: [0, -1]) else { return nil }
      } else {
        guard all.count == 1, let step = all.first else { return nil }
        if step != 0 { shifts[name] = -step }
      }
    }
    let found = shifts
    return equations.map { equation in
      equation.replacing(equation.right.mapSymbols { $0.shifted(by: found[$0.name] ?? 0) })
    }
  }

  /// The outputs that no other one is made of.
  var lastOutputs: [Name] {
    outputs.filter { name in !all.contains { $0.right.symbols.contains { $0.name == name } } }
  }

  // MARK: Arguments

  /// Gives a name to whatever a function acts on and has none, so that there are derivatives by it.
  private mutating func nameArguments() {
    var more: [ForwardEquation] = []
    var count = 0
    var names: [Name: Expression] = [:]
    for (index, equation) in all.enumerated() {
      let right = equation.right.rebuilt { node in
        guard case .call(let function, 0, let values) = node.kind, values.count == 1,
          function.isElementwise || function == .softmax, !values[0].isLeaf
        else { return node }
        count += 1
        let name = Name(base: "argument", label: [String(count)])
        names[name] = values[0]
        let symbol = Expression.Symbol(name, times: [.present])
        more.append(
          ForwardEquation(
            left: [symbol], leftRanges: [equation.range], right: values[0], range: equation.range,
            source: equation.source))
        return node.with(.call(function, derivative: 0, [values[0].with(.symbol(symbol))]))
      }
      all[index] = equation.replacing(right)
    }
    arguments = names
    all += more
  }

  /// The equations with some of those names exchanged, and the others taken away again.
  func renaming(_ names: [Name: Name]) -> [ForwardEquation] {
    func final(_ tree: Expression) -> Expression {
      tree.rebuilt { node in
        guard case .symbol(let symbol) = node.kind, let body = arguments[symbol.name] else { return node }
        guard let name = names[symbol.name] else { return final(body) }
        return node.with(.symbol(Expression.Symbol(name, times: symbol.times)))
      }
    }
    return all.compactMap { equation in
      let name = equation.left[0].name
      guard arguments[name] != nil else { return equation.replacing(final(equation.right)) }
      guard let other = names[name] else { return nil }
      return ForwardEquation(
        left: [Expression.Symbol(other, times: [.present])], leftRanges: equation.leftRanges,
        right: final(equation.right), range: equation.range, source: equation.source)
    }
  }
}

extension ForwardEquation {
  /// The same with another right side.
  fileprivate func replacing(_ right: Expression) -> ForwardEquation {
    ForwardEquation(left: left, leftRanges: leftRanges, right: right, range: range, source: source)
  }

  /// The same at a place of another file, where the sheet's places mean nothing.
  fileprivate func moved(to place: Range<Int>) -> ForwardEquation {
    ForwardEquation(
      left: left.map { Expression.Symbol($0.name, times: [.present]) }, leftRanges: left.map { _ in place },
      right: right.rebuilt { Expression($0.kind, at: place) }, range: place, source: source)
  }
}

extension ForwardLine {
  /// Whether it goes on from an output, as `\hat y_t = \operatorname{softmax}(o_t)` does.
  fileprivate func readsAnOutput(of outputs: [Name]) -> Bool { reads.contains { outputs.contains($0.name) } }
}

extension Expression {
  /// The products of two vectors as products by element, `*` with a matrix as the product that it is.
  fileprivate var normalized: Expression {
    rebuilt { node in
      switch node.kind {
      case .product(let a, let b) where a.isVectorLike && b.isVectorLike: node.with(.hadamard(a, b))
      case .star(let a, let b) where a.isMatrix || b.isMatrix: node.with(.product(a, b))
      default: node
      }
    }
  }

  /// Whether it is a parameter with a capital letter, transposed or not.
  private var isMatrix: Bool {
    switch kind {
    case .transposed(let value): value.isMatrix
    case .symbol(let symbol):
      symbol.times.isEmpty && (symbol.name.base.first?.isUppercase == true || symbol.name.base == "Theta")
    default: false
    }
  }

  /// Whether something in it has a step, and it is no product with a matrix still to come.
  private var isVectorLike: Bool { !isMatrix && symbols.contains { !$0.times.isEmpty } }

  fileprivate var isLeaf: Bool { kind.operands.isEmpty }
}

extension Expression.Symbol {
  /// The symbol some steps later.
  func shifted(by steps: Int) -> Expression.Symbol {
    steps == 0 ? self : Expression.Symbol(name, times: times.map { $0.shifted(by: steps) }, layer: layer)
  }
}
