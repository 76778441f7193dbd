// Names of errors: a δ that carries the name of what the loss is differentiated by, below, above or behind it.

import Diagnostics

extension Parser {
  /// Whether a name is one under which people write errors.
  func isErrorName(_ draft: Draft) -> Bool {
    vocabulary.allowsAnalysis && vocabulary.layering == nil && draft.accents.isEmpty
      && ["delta", "Delta", "epsilon"].contains(draft.base)
  }

  /// `h_t` in an index, as in `\delta_{h_t}` or `\delta_{\widehat{h}_t}`: the label, then the step.
  static func unfolded(_ part: ArraySlice<Token>) -> [ArraySlice<Token>] {
    if let accent = part.first, case .command(let name) = accent.kind, isAccent(name),
      part.dropFirst().first?.isSign("{") == true, part.last?.isSign("}") == true
    {
      let inside = unfolded(part.dropFirst(2).dropLast())
      if inside.count > 1 { return [([accent] + inside[0])[...]] + inside.dropFirst() }
    }
    var nesting = 0
    let mark = part.indices.first { index in
      if part[index].isOpening { nesting += 1 }
      if part[index].isClosing { nesting -= 1 }
      return nesting == 0 && part[index].isSign("_")
    }
    guard let mark, mark > part.startIndex, mark + 1 < part.endIndex else { return [part] }
    var tail = part[(mark + 1)...]
    if tail.first?.isSign("{") == true, tail.last?.isSign("}") == true {
      tail = tail.dropFirst().dropLast()
    } else if tail.count > 1 {
      return [part]
    }
    return [part[..<mark]] + tail.split { $0.isSign(",") }
  }

  /// `\delta^h_t`, `\delta^{a_f}_t`, `\delta^{\tilde c}_t`, `\delta^{h_{t-1}}`: the label above, a step in it or not.
  func readErrorLabel(_ script: ArraySlice<Token>, into draft: inout Draft) -> Bool {
    guard isErrorName(draft), draft.upperLabel.isEmpty else { return false }
    let steps = vocabulary.timeLetters.union(boundLetters)
    var label: [String] = []
    var times: [Time] = []
    for piece in Self.unfolded(script) {
      if let time = Time.read(piece, letters: steps), time.letter != nil {
        times.append(time)
      } else if let pieces = Self.label(piece), !pieces.contains(where: { $0.first?.isNumber ?? true }) {
        label += pieces
      } else {
        return false
      }
    }
    guard !label.isEmpty, label.count <= 4, times.isEmpty || !hasTime(draft) else { return false }
    draft.upperLabel = ["("] + label + [")"]
    draft.upperTimes += times
    return true
  }
}

extension Parser {
  /// `\delta h_t`, `\Delta W`: a δ or Δ right before a name, where no quantity is called so.
  func isErrorPrefix(_ token: Token) -> Bool {
    guard case .command(let sign) = token.kind, sign == "delta" || sign == "Delta", vocabulary.layering == nil,
      vocabulary.roles[Name(base: sign)] == nil, let name = peek(1)
    else { return false }
    switch name.kind {
    case .letter: return true
    case .command(let command): return Greek.isLetter(command) || Self.isAccent(command) || Self.isTransparent(command)
    default: return false
    }
  }
}
