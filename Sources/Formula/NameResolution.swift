// Which index of a name is a time, which a layer, and which belongs to the name.

import Diagnostics

extension Parser {
  /// Decides which parts of the indices are times, which the layer, and which belong to the name.
  func resolve(_ draft: Draft) throws(Diagnostic) -> Expression.Symbol {
    let symbol = try withoutLayer(draft)
    guard let layering = vocabulary.layering else { return symbol }
    let written = source.substring(draft.range)
    guard draft.upperTimes.isEmpty else {
      throw fail(
        "this sheet has layers, so a superscript is the layer; write the step of `\(written)` below", at: draft.range)
    }
    guard vocabulary.roles[symbol.name] != nil, !layering.exempt.contains(symbol.name) else {
      if draft.layer != nil, layering.exempt.contains(symbol.name) {
        throw fail("`\(written)` carries a layer, but `\(symbol.name.latex)` belongs to none", at: draft.range)
      }
      return Expression.Symbol(symbol.name, times: symbol.times, layer: draft.layer)
    }
    if draft.layer == nil, let mark = next, mark.isSign("^"), let number = numberAbove {
      throw fail(
        "`\(written)^{\(number)}` has two readings: write `(\(symbol.latex))^\(number)` for the power, or `\(symbol.name.inLayer(Int(number) ?? 1).latex(time: symbol.times.isEmpty ? nil : symbol.times.map(\.description).joined(separator: ",")))` for layer \(number)",
        at: draft.range.lowerBound..<mark.range.upperBound)
    }
    return Expression.Symbol(
      symbol.name, times: symbol.times, layer: draft.layer ?? Time(letter: "l", offset: 0))
  }

  /// The bare number in a superscript that comes next.
  var numberAbove: String? {
    let inside = [peek(1), peek(2), peek(3)]
    if case .number(let digits)? = inside[0]?.kind { return digits }
    if inside[0]?.isSign("{") == true, case .number(let digits)? = inside[1]?.kind, inside[2]?.isSign("}") == true {
      return digits
    }
    return nil
  }

  /// Of up to four indices, which are steps: most of them first.
  private static let choices = (0...4).map { count in
    (0..<(1 << count)).sorted { ($1.nonzeroBitCount, $0) < ($0.nonzeroBitCount, $1) }
  }

  func withoutLayer(_ draft: Draft) throws(Diagnostic) -> Expression.Symbol {
    guard draft.parts.count <= 4 else {
      throw fail(
        "`\(source.substring(draft.range).prefix(40))` has \(draft.parts.count) indices; a name has four at most",
        at: draft.range)
    }
    var labels: [[String]?] = []
    var times: [Time?] = []
    for part in draft.parts {
      labels.append(Self.label(part))
      // `\delta_{i,t}` is the one of the gate `i`, also beside a `\delta_{t,k}`; under a sum over `i` it is the step.
      let isGate =
        part.count == 1 && vocabulary.gateLetters.contains(part.first!.latex)
        && !boundLetters.contains(part.first!.latex)
      times.append(isGate ? nil : Time.read(part, { isStep($0, on: draft) }))
      if labels.last! == nil, times.last! == nil {
        if ["Sigma", "Pi"].contains(draft.base), part.contains(where: { $0.isSign("=") }) {
          throw fail(
            "`\\\(draft.base)` is a letter; write `\\\(draft.base == "Sigma" ? "sum" : "prod")` for a sum or product over steps",
            at: draft.range)
        }
        throw fail(
          "`\(draft.parts.map { $0.map(\.latex).joined() }.joined(separator: ","))` is neither a label nor a step",
          at: draft.range)
      }
    }
    let name = Name(base: draft.base, accents: draft.accents)
    if !draft.upperLabel.isEmpty, let lowered = try loweringLabel(draft, labels, times) { return lowered }
    let whole = labels.contains { $0 == nil } ? nil : labels.compactMap { $0 }.flatMap { $0 }
    if let whole {
      let full = name.labelled(whole, upper: draft.upperLabel)
      if vocabulary.roles[full] == .untimed, draft.upperTimes.isEmpty { return Expression.Symbol(full) }
    }
    // Most indices as times first: `a_{f,t}` is a_f at t even where a_{ft} would do.
    for chosen in Self.choices[draft.parts.count] {
      var label: [String] = []
      var found: [Time] = []
      var isPossible = true
      for part in draft.parts.indices {
        if chosen & (1 << part) != 0, let time = times[part] {
          found.append(time)
        } else if chosen & (1 << part) == 0, let pieces = labels[part] {
          label += pieces
        } else {
          isPossible = false
        }
      }
      guard isPossible else { continue }
      let candidate = name.labelled(label, upper: draft.upperLabel)
      guard vocabulary.roles[candidate] == .timed else { continue }
      return try timed(candidate, below: found, draft)
    }
    // `h_{prev}`, as CS231n writes the state before.
    if whole?.joined() == "prev", vocabulary.roles[name] == .timed {
      return Expression.Symbol(name, times: [.previous])
    }
    // An unknown name: what looks like a time is one.
    var label: [String] = []
    var found: [Time] = []
    // A name that the vocabulary does not hold: the letters that may as well be labels are labels.
    func isStrong(_ letter: String) -> Bool { vocabulary.timeLetters.contains(letter) || boundLetters.contains(letter) }
    for part in draft.parts.indices {
      if let time = times[part], time.letter.map(isStrong) ?? false || labels[part] == nil {
        found.append(time)
      } else {
        label += labels[part] ?? []
      }
    }
    return try timed(name.labelled(label, upper: draft.upperLabel), below: found, draft)
  }

  /// `W^{(f)}` for a sheet's `W_f`, where that is the one name it can be; nil where the sheet has none such.
  func loweringLabel(
    _ draft: Draft, _ labels: [[String]?], _ times: [Time?]
  ) throws(Diagnostic) -> Expression.Symbol? {
    guard vocabulary.allowsAnalysis else { return nil }
    let above = Array(draft.upperLabel.dropFirst().dropLast())
    let name = Name(base: draft.base, accents: draft.accents)
    guard !above.isEmpty,
      !vocabulary.roles.keys.contains(where: {
        $0.base == draft.base && $0.accents == name.accents && $0.upperLabel == draft.upperLabel
      })
    else { return nil }
    var found: [Expression.Symbol] = []
    for chosen in 0..<(1 << draft.parts.count) {
      var label: [String] = []
      var steps: [Time] = []
      var isPossible = true
      for part in draft.parts.indices {
        if chosen & (1 << part) != 0, let time = times[part] {
          steps.append(time)
        } else if chosen & (1 << part) == 0, let pieces = labels[part] {
          label += pieces
        } else {
          isPossible = false
        }
      }
      guard isPossible else { continue }
      for whole in Set([above + label, label + above]) {
        let candidate = name.labelled(whole, upper: [])
        switch vocabulary.roles[candidate] {
        case .untimed where steps.isEmpty: found.append(Expression.Symbol(candidate))
        case .timed: found.append(try timed(candidate, below: steps, draft))
        default: break
        }
      }
    }
    // A time that could be a label too is a time.
    let most = found.map(\.times.count).max() ?? 0
    found.removeAll { $0.times.count < most }
    guard found.count > 1 else { return found.first }
    throw fail(
      "`\(source.substring(draft.range))` may be each of \(found.map { "`\($0.latex)`" }.sorted().joined(separator: ", ")); write the label below",
      at: draft.range)
  }

  func timed(_ name: Name, below: [Time], _ draft: Draft) throws(Diagnostic) -> Expression.Symbol {
    guard below.isEmpty || draft.upperTimes.isEmpty else {
      throw fail(
        "`\(source.substring(draft.range))` carries a time above and below; keep one (a derivation speaks of one sample, so there is no sample index)",
        at: draft.range)
    }
    let times = below + draft.upperTimes
    guard times.count <= 2 else {
      throw fail("`\(source.substring(draft.range))` carries more than two times", at: draft.range)
    }
    return Expression.Symbol(name, times: times)
  }
}
