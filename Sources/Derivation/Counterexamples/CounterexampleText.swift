// A counterexample in words: the numbers that stand in the line, those that its left side is made of, and the two sides.

import Diagnostics
import Formula
import Recurrence
import Markdown

/// Names the numbers of a small network as a line names them.
struct CounterexampleText {
  let session: Session
  let chain: ElaboratedChain
  let left: Int
  let network: SmallNetwork

  /// How many values are told with those that are 0.
  private static let mostValues = 8

  private var context: Context { session.context }

  /// A quantity that stands in a line, with its value.
  private struct Named {
    let latex: String
    let value: Grid<Fraction>
    /// What it is and at which step, whatever it is called.
    let key: String
    /// Whether its value was chosen without regard to what it is a function of.
    var isFree = false
    /// Whether a value of 0 is told as well.
    var tellsZero = false
  }

  /// The example, and how many numbers that are not 0 it has.
  func example(
    _ numbers: [Fraction], _ found: CounterexampleSearch.Difference, size: Int, batch: Int
  ) -> (example: Counterexample, count: Int)? {
    let world = network.world(numbers)
    guard let a = chain.terms[left], let b = chain.terms[left + 1] else { return nil }
    var named: [Named] = []
    func add(_ more: Named) {
      if !named.contains(where: { $0.key == more.key || $0.latex == more.latex }) { named.append(more) }
    }
    let own = leaf(a, found.environment, world)
    for leaf in leaves(b, found.environment, world) + (own == nil ? leaves(a, found.environment, world) : [])
    where leaf.key != own?.key {
      var leaf = leaf
      leaf.tellsZero = true
      add(leaf)
    }
    let shownGradients =
      gradients(of: b, found.environment, world) + (own == nil ? gradients(of: a, found.environment, world) : [])
    var isEverythingTold = true
    for place in network.places {
      let isZero = numbers[place.range].allSatisfy { $0 == .zero }
      // That h = tanh(z) is 0 beside a z that is not has to be told.
      if isZero, !hasTellingArgument(place, named.map(\.key), found.environment, world) { continue }
      let chosen = choice(place, numbers, found.environment)
      if named.contains(where: { $0.key == chosen.key || $0.latex == chosen.latex }) { continue }
      if isNeeded(place, numbers, a, found, shownGradients) {
        var chosen = chosen
        chosen.tellsZero = isZero
        add(chosen)
      } else if !isZero {
        isEverythingTold = false
      }
    }
    var values: [(latex: String, value: Fraction)] = []
    for quantity in named { values += entries(quantity) }
    // A long line is not made longer by what is 0 in it.
    if values.count > Self.mostValues { values.removeAll { $0.value == .zero } }
    guard !values.isEmpty || found.left != found.right else { return nil }
    guard
      (values.map(\.value) + [found.left, found.right]).allSatisfy({ abs($0.numerator) < 1000 && $0.denominator < 1000 }
      )
    else { return nil }
    var letters: [(name: String, step: Int)] = []
    for (letter, slot) in chain.scope.free {
      letters.append((Time(letter: letter, offset: 0).description, found.environment[slot]))
    }
    let isSized = !context.cell.declaration.sizes.isEmpty
    var heads: [String] = isSized ? ["H = \(size)"] : []
    if batch > 1 { heads.append("N = \(batch)") }
    if network.steps > 1 || letters.isEmpty { heads.append("T = \(network.steps)") }
    if network.steps > 1 { heads += letters.map { "\(MathText.line($0.name)) = \($0.step)" } }
    let shown = heads + values.map { "\(MathText.line($0.latex)) = \($0.value.shown)" }
    let (rows, columns) = found.extent
    let place = rows * columns > 1 ? index(found.entry, rows, columns) : ""
    let isFree = named.contains(where: \.isFree)
    let example = Counterexample(
      hidden: size, steps: network.steps,
      values: letters.map { Counterexample.Value(name: $0.name, value: "\($0.step)") }
        + values.map { Counterexample.Value(name: $0.latex, value: $0.value.text) },
      entry: (rows > 1 ? [found.entry / columns + 1] : []) + (columns > 1 ? [found.entry % columns + 1] : []),
      samples: batch > 1 ? batch : nil, left: found.left.text, right: found.right.text,
      text: sentence(
        shown, values.isEmpty, own?.latex, place, found, isFree: isFree, isEverythingTold: isEverythingTold))
    return (example, values.count { $0.value != .zero })
  }

  private func sentence(
    _ shown: [String], _ isAllZero: Bool, _ left: String?, _ place: String, _ found: CounterexampleSearch.Difference,
    isFree: Bool, isEverythingTold: Bool
  ) -> Wording {
    let (x, y) = (found.left.shown, found.right.shown)
    let english: String
    let chinese: String
    if let left {
      let name = MathText.line(place.isEmpty ? left : "[\(left)]\(place)")
      english = "\(name) = \(x), your line says \(y)"
      chinese = "\(name) = \(x)，而你写的等于 \(y)"
    } else {
      let entry = place.filter(\.isNumber).map(String.init).joined(separator: ", ")
      let (of, chineseOf) = entry.isEmpty ? ("", "") : ("entry \(entry) of ", "第 \(entry) 个分量：")
      english = "\(of)the left side is \(x), the right side \(y)"
      chinese = "\(chineseOf)左边等于 \(x)，右边等于 \(y)"
    }
    let rest =
      isAllZero
      ? Wording("everything 0", "其余都为 0")
      : isEverythingTold
        ? Wording("all else 0", "其余为 0") : Wording("what is not named is 0 or makes no difference", "未列出的量为 0 或没有影响")
    let (before, translated) = (
      (shown + [rest.english]).joined(separator: ", "), (shown + [rest.chinese]).joined(separator: "，")
    )
    let note = isFree ? " (values of gates and states are chosen freely)" : ""
    let remark = isFree ? "（门和状态的值可任意选取）" : ""
    return Wording("\(before): \(english)\(note)", "\(translated)：\(chinese)\(remark)")
  }

  // MARK: What is worth telling

  /// A gradient of the loss that stands in a line, with its value as the tape has it.
  private struct ShownGradient {
    let node: Int
    let step: Int
    let value: Grid<Fraction>
  }

  private func gradients(of term: Term, _ environment: [Int], _ world: WorldOf<Fraction>) -> [ShownGradient] {
    switch term.operation {
    case .gradient(nil, .node(let node), let at?, false):
      let step = at.step(environment)
      guard step >= 1, step <= network.steps, let value = world.evaluate(term, environment) else { return [] }
      return [ShownGradient(node: node, step: step, value: context.isFlipped(.node(node)) ? value.flipped : value)]
    case .repetition: return []
    default: return term.operands.flatMap { gradients(of: $0, environment, world) }
    }
  }

  /// Whether the left side is another one with other numbers in a place, the gradients that the line shows left as they are.
  private func isNeeded(
    _ place: SmallNetwork.Place, _ numbers: [Fraction], _ left: Term, _ found: CounterexampleSearch.Difference,
    _ shown: [ShownGradient]
  ) -> Bool {
    for change in [{ _ in .zero }, { $0 + $0 }, { $0 + .one }] as [(Fraction) -> Fraction] {
      var others = numbers
      for index in place.range { others[index] = change(numbers[index]) }
      let world = network.world(others)
      var overrides: [Int: [Int: Grid<Fraction>]] = [:]
      for gradient in shown { overrides[gradient.node, default: [:]][gradient.step] = gradient.value }
      world.overrides = overrides
      guard let value = world.evaluate(left, found.environment) else { return true }
      let entry = value.elements.count == 1 ? value.elements[0] : value.elements[found.entry % value.elements.count]
      if entry != found.left { return true }
    }
    return false
  }

  /// Whether a place is the value of a function at an argument that is told and not 0.
  private func hasTellingArgument(
    _ place: SmallNetwork.Place, _ told: [String], _ environment: [Int], _ world: WorldOf<Fraction>
  ) -> Bool {
    guard case .function(let node, let step) = place.part else { return false }
    let graph = context.cell.graph
    let argument = graph.nodes[node].operands[0]
    guard told.contains(key(.node(argument), step)) else { return false }
    return world.truth.value(argument, at: step).elements.contains { $0 != .zero }
  }

  // MARK: Names

  private func index(_ entry: Int, _ rows: Int, _ columns: Int) -> String {
    if rows == 1 { return "_\(entry + 1)" }
    if columns == 1 { return "_\(entry + 1)" }
    return "_{\(entry / columns + 1)\(entry % columns + 1)}"
  }

  private func entries(_ named: Named) -> [(latex: String, value: Fraction)] {
    let (rows, columns) = (named.value.rows, named.value.columns)
    guard named.value.elements.contains(where: { $0 != .zero }) else {
      return named.tellsZero ? [(named.latex, .zero)] : []
    }
    return named.value.elements.enumerated().compactMap { entry, value in
      guard value != .zero else { return nil }
      return (rows * columns == 1 ? named.latex : "[\(named.latex)]\(index(entry, rows, columns))", value)
    }
  }

  /// A step as the line would write it.
  private func time(_ step: Int, _ environment: [Int]) -> String {
    let letters = chain.scope.free
    if let same = letters.first(where: { environment[$0.slot] == step }) {
      return Time(letter: same.letter, offset: 0).description
    }
    guard let first = letters.first else { return "\(step)" }
    return Time(letter: first.letter, offset: step - environment[first.slot]).description
  }

  private func latex(_ target: Target, _ step: Int?, _ environment: [Int]) -> String {
    context.shown(context.name(of: target)).latex(time: step.map { time($0, environment) })
  }

  private func latex(_ slope: Slope, _ environment: [Int]) -> String {
    let (of, by) = (slope.ofTime.step(environment), slope.byTime?.step(environment))
    return fraction(latex(slope.of, of, environment), latex(slope.by, by, environment), isImmediate: slope.isImmediate)
  }

  private func lossLatex(_ step: Int?, _ environment: [Int]) -> String {
    context.lossName.latex(time: step.map { time($0, environment) })
  }

  private func fraction(_ above: String, _ below: String, isImmediate: Bool = false) -> String {
    "\\frac{\\partial\(isImmediate ? "^+" : "") \(above)}{\\partial \(below)}"
  }

  // MARK: What stands in a line

  /// A term that is one quantity; nil where it is made of several.
  private func leaf(_ term: Term, _ environment: [Int], _ world: WorldOf<Fraction>) -> Named? {
    guard let (latex, key) = naming(term, environment), let value = world.evaluate(term, environment) else {
      return nil
    }
    return Named(latex: latex, value: value, key: key, isFree: isFree(term))
  }

  private func isFree(_ term: Term) -> Bool {
    switch term.operation {
    case .function: true
    case .value(.node(let node), _):
      if case .function = context.cell.graph.nodes[node].operation { true } else { false }
    default: false
    }
  }

  private func naming(_ term: Term, _ environment: [Int]) -> (latex: String, key: String)? {
    switch term.operation {
    case .value(let target, let moment):
      let step = moment?.step(environment)
      return (latex(target, step, environment), key(target, step))
    case .loss(let moment):
      let latex = lossLatex(moment?.step(environment), environment)
      return (latex, latex)
    case .gradient(let loss, let by, let at, let isImmediate):
      let (of, step) = (loss?.step(environment), at?.step(environment))
      let latex = fraction(lossLatex(of, environment), latex(by, step, environment), isImmediate: isImmediate)
      return (latex, "\(of.map(String.init) ?? "L")/\(key(by, step))\(isImmediate)")
    case .jacobian(let slope):
      let latex = latex(slope, environment)
      return (latex, latex)
    case .defined(let index, let moments):
      let steps = moments.map { time($0.step(environment), environment) }.joined(separator: ",")
      let latex = context.definitions.all[index].name.latex(time: steps.isEmpty ? nil : steps)
      return (latex, latex)
    case .function(let function, 0) where !function.isPiecewise:
      guard case .value(let target, let moment) = term.operands[0].operation else { return nil }
      let step = moment?.step(environment)
      let latex = "\(function.latex)(\(latex(target, step, environment)))"
      return (latex, latex)
    default: return nil
    }
  }

  private func key(_ target: Target, _ step: Int?) -> String { "\(target)@\(step ?? 0)" }

  private func leaves(_ term: Term, _ environment: [Int], _ world: WorldOf<Fraction>) -> [Named] {
    if let leaf = leaf(term, environment, world) { return [leaf] }
    if case .composition(let slopes) = term.operation {
      // A derivative by a matrix has a shape of its own; one number has not.
      return leaves(term.operands[0], environment, world)
        + slopes.compactMap { slope in
          guard let value = world.jacobian(slope, environment), value.elements.count == 1 else { return nil }
          let latex = latex(slope, environment)
          return Named(latex: latex, value: value, key: latex)
        }
    }
    guard case .repetition(_, let slot, let lower, let upper, _) = term.operation else {
      return term.operands.flatMap { leaves($0, environment, world) }
    }
    let (first, last) = (lower.step(environment), upper.step(environment))
    guard first <= last, last - first < 10 else { return [] }
    return (first...last).flatMap { step in
      var inner = environment
      inner[slot] = step
      return leaves(term.operands[0], inner, world)
    }
  }

  /// A number of the network by the name that the sheet has for it.
  private func choice(_ place: SmallNetwork.Place, _ numbers: [Fraction], _ environment: [Int]) -> Named {
    let value = Grid(rows: place.rows, columns: place.columns, elements: Array(numbers[place.range]))
    func made(_ latex: String, _ key: String, isFree: Bool = false) -> Named {
      Named(latex: latex, value: value, key: key, isFree: isFree)
    }
    let graph = context.cell.graph
    switch place.part {
    case .parameter(let index): return made(latex(.parameter(index), nil, environment), key(.parameter(index), nil))
    case .input(let index, let step):
      return made(latex(.input(index), step, environment), key(.input(index), step))
    case .initial(let index):
      let target = Target.node(graph.results[index])
      return made(latex(target, 0, environment), key(target, 0))
    case .slope(let node, let step):
      let target = Target.node(node)
      let latex = fraction(lossLatex(step, environment), latex(target, step, environment))
      return made(latex, latex)
    case .function(let node, let step):
      if graph.named.values.contains(node) {
        return made(latex(.node(node), step, environment), key(.node(node), step), isFree: true)
      }
      let argument = graph.nodes[node].operands[0]
      guard case .function(let function) = graph.nodes[node].operation, graph.named.values.contains(argument) else {
        let text = "\\text{node \(node)}_{\(time(step, environment))}"
        return made(text, text, isFree: true)
      }
      let latex = "\(function.latex)(\(latex(.node(argument), step, environment)))"
      return made(latex, latex, isFree: true)
    }
  }
}
