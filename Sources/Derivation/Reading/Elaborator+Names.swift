// Names and derivatives: what each stands for, at which step.

import Diagnostics
import Formula
import Recurrence

extension Elaborator {
  mutating func term(_ symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) -> Term {
    let name = symbol.name
    if symbol.times.isEmpty, context.definition(of: name) == nil, context.target(name) == nil,
      name.label.isEmpty, name.accents.isEmpty, context.constants[name] == nil
    {
      if context.isTimeLetter(name.base) || scope.isBound(name.base)
        || scope.free.contains(where: { $0.letter == name.base })
      {
        return Term(.moment(scope.moment(Time(letter: name.base, offset: 0))), [], .scalar, range)
      }
      if context.cell.declaration.sizes[name.base] != nil { return Term(.axis(name.base), [], .scalar, range) }
    }
    if let number = context.constants[name] {
      guard symbol.times.isEmpty else {
        throw fail("`\(context.shown(name).latex)` is a constant and has no time", at: range)
      }
      return Term(.number(number), [], .scalar, range)
    }
    if name == context.lossName {
      guard symbol.times.count <= 1 else { throw fail("a loss has one step at most", at: range) }
      return Term(.loss(symbol.times.first.map { scope.moment($0) }), [], .scalar, range)
    }
    if let target = context.target(name) {
      let size = context.size(of: target)
      if case .parameter = target {
        try refuseStep(of: symbol, at: range)
        return Term(.value(target, nil), [], size, range)
      }
      return Term(.value(target, try moment(of: symbol, at: range)), [], size, range)
    }
    if let index = context.definition(of: name) {
      let definition = context.definitions.all[index]
      var times = symbol.times
      if times.isEmpty, definition.timeCount == 1 {
        times = [.present]
        readAtPresent.insert(context.shown(name).latex)
      }
      guard times.count == definition.timeCount else {
        throw fail(
          "`\(context.shown(symbol))` was defined with \(definition.timeCount) steps and stands here with \(times.count)",
          at: range)
      }
      if times.count == 2 { scope.note(times[1], before: times[0]) }
      let moments = times.map { scope.moment($0) }
      return Term(.defined(index, moments), [], try context.size(ofDefinition: index), range)
    }
    if let by = context.errorConvention(name) {
      let derivative = Derivative(
        of: Expression.Symbol(context.lossName), by: Expression.Symbol(by, times: symbol.times), isImmediate: false,
        isError: true)
      let term = try self.derivative(derivative, at: range)
      conventions.insert("`\(symbol.latex)` = `\(Expression(.analysis(.derivative(derivative)), at: range).latex)`")
      return term
    }
    throw unknown(symbol, at: range)
  }

  func refuseStep(of symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) {
    guard !symbol.times.isEmpty else { return }
    throw fail(
      "`\(context.shown(symbol))` carries a step, but `\(context.shown(symbol.name).latex)` is a parameter, the same at every step; leave the step out",
      at: range)
  }

  mutating func moment(of symbol: Expression.Symbol, at range: Range<Int>) throws(Diagnostic) -> Moment {
    guard symbol.times.count < 2 else {
      throw fail(
        "`\(context.shown(symbol))` carries two indices; a derivation speaks of one sample and of whole vectors, so one step is all",
        at: range)
    }
    guard let time = symbol.times.first else {
      throw fail(
        "`\(context.shown(symbol))` carries no step; write `\(context.shown(symbol.name).latex(time: "t"))`", at: range)
    }
    return scope.moment(time)
  }

  func unknown(_ symbol: Expression.Symbol, at range: Range<Int>) -> Diagnostic {
    let name = symbol.name
    let near = context.names.filter { $0.base.lowercased() == name.base.lowercased() && $0 != name }
      .map { "`\($0.latex)`" }.sorted().prefix(6)
    if name == Name(base: "d") {
      return fail(
        "`d` before a name stands for the derivative of the loss by it, as in `dh_t`; the name behind this one is unknown",
        at: range)
    }
    if ["J", "E", "C", "\\ell", "ell", "loss"].contains(name.base), near.isEmpty {
      return fail(
        "`\(context.shown(symbol))` is unknown; the loss is `L`, a step's own loss `L_t`, the identity `I`", at: range)
    }
    let hint: Message =
      near.isEmpty
      ? "define it first: `\(context.shown(symbol)) := …`"
      : "known names like it: \(near.joined(separator: ", ")); or define it first"
    return fail("`\(context.shown(symbol))` is unknown; \(hint)", at: range)
  }

  // MARK: Derivatives

  /// What a derivative is of or by, and its step.
  mutating func target(
    _ symbol: Expression.Symbol, at range: Range<Int>
  ) throws(Diagnostic) -> (Target, Moment?) {
    let name = symbol.name
    if let target = context.target(name) {
      if case .parameter = target {
        try refuseStep(of: symbol, at: range)
        return (target, nil)
      }
      return (target, try moment(of: symbol, at: range))
    }
    if let index = context.definition(of: name) {
      let definition = context.definitions.all[index]
      guard let target = definition.target else {
        throw fail(
          "`\(context.shown(symbol))` is no node of the cell, so there is no derivative by it; name a sub-expression of an equation first",
          at: range)
      }
      if case .parameter = target { return (target, nil) }
      var moment = try moment(of: symbol, at: range)
      moment.offset += definition.targetOffset
      return (target, moment)
    }
    if context.constants[name] != nil {
      throw fail("`\(context.shown(name).latex)` is a constant; nothing is differentiated by it", at: range)
    }
    throw unknown(symbol, at: range)
  }

  mutating func slope(_ derivative: Derivative, at range: Range<Int>) throws(Diagnostic) -> Slope {
    let (of, ofTime) = try target(derivative.of, at: range)
    let (by, byTime) = try target(derivative.by, at: range)
    guard let ofTime else {
      throw fail("`\(context.shown(derivative.of))` is a parameter and depends on nothing", at: range)
    }
    if case .input = of {
      throw fail("`\(context.shown(derivative.of))` is an input and depends on nothing", at: range)
    }
    guard !context.isBatched else {
      throw fail(
        "`\(context.shown(derivative.of))` by `\(context.shown(derivative.by))` is a Jacobian, and this sheet speaks of a batch; differentiate the loss",
        at: range)
    }
    if let a = derivative.of.times.first, let b = derivative.by.times.first { scope.note(b, before: a) }
    let slope = Slope(of: of, ofTime: ofTime, by: by, byTime: byTime, isImmediate: derivative.isImmediate)
    if derivative.isImmediate { immediate.insert(slope.reach) }
    return slope
  }

  mutating func derivative(_ written: Derivative, at range: Range<Int>) throws(Diagnostic) -> Term {
    let derivative = context.meant(by: written)
    if isLoss(derivative.of) {
      guard derivative.of.times.count <= 1 else { throw fail("a loss has one step at most", at: range) }
      let (by, at) = try target(derivative.by, at: range)
      if let a = derivative.of.times.first, let b = derivative.by.times.first { scope.note(b, before: a) }
      let loss = derivative.of.times.first.map { scope.moment($0) }
      if derivative.isImmediate { immediate.insert(.equation) }
      return Term(
        .gradient(loss: loss, by: by, at: at, isImmediate: derivative.isImmediate), [], context.gradientSize(by), range)
    }
    let slope = try slope(derivative, at: range)
    guard !isMatrix(slope.by) else {
      throw fail(
        "the derivative of a vector by a matrix has three axes; it stands only right behind the derivative of the loss "
          + "that it continues", at: range)
    }
    let (above, below) = (context.length(slope.of), context.length(slope.by))
    let size = context.isDenominator ? Size(below, above) : Size(above, below)
    return Term(.jacobian(slope), [], size, range)
  }
}
