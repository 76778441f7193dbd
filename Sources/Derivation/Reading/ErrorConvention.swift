// Names of errors that need no definition: δ with the name of a quantity, and a quantity with a bar over it.

import Formula
import Recurrence

extension Context {
  /// The quantity by which an undefined name is the derivative of the loss: h for `\delta_h`, `\delta^h`, `\bar h`.
  func errorConvention(_ name: Name) -> Name? {
    guard cell.stack == nil else { return nil }
    if name.accents.contains("bar"), name.accents.count == 1 {
      let bare = Name(base: name.base, label: name.label, upperLabel: name.upperLabel)
      return target(bare) == nil ? nil : bare
    }
    guard ["delta", "Delta", "epsilon"].contains(name.base), name.accents.isEmpty else { return nil }
    let label = name.label.isEmpty ? Array(name.upperLabel.dropFirst().dropLast()) : name.label
    guard !label.isEmpty, name.label.isEmpty || name.upperLabel.isEmpty else { return nil }
    let spelled = label.joined()
    let found = quantityNames.filter { $0.spelled == spelled }
    return found.count == 1 ? found[0] : nil
  }
}

extension Name {
  /// The name as the pieces of an index spell it: `\tilde c`, `af`.
  fileprivate var spelled: String {
    let letter = base.count == 1 ? base : "\\\(base)"
    let above = upperLabel.filter { $0 != "(" && $0 != ")" }
    return (accents.map { "\\\($0)" } + [letter] + label + above).joined()
  }
}
