// Layers of a cell that a sheet stacks: `\delta_t^{l}`, `W^{l+1}`, and the same names with the layer as a number.

/// What a reader must know of layers: a superscript is one, on every name but these.
public struct Layering: Sendable, Hashable {
  /// Names that belong to no layer: the loss, constants.
  public let exempt: Set<Name>

  /// The letters that stand for a layer.
  static let letters: Set<String> = ["l", "ell"]

  /// Layers on every name but those exempt.
  public init(exempt: Set<Name>) {
    self.exempt = exempt
  }
}

extension Time {
  /// A layer as it stands above a name: `l`, `l-1`, `(2)`.
  var layerLatex: String { letter == nil ? "(\(offset))" : description }

  /// Whether it is a layer, such as `l-1`, in a condition such as `l > 1`.
  public var isLayer: Bool { letter.map(Layering.letters.contains) ?? false }

  /// The number of a layer, where `l` has one.
  public func layer(_ l: Int) -> Int { (letter == nil ? 0 : l) + offset }
}

extension Name {
  /// The same quantity in the layer of a number.
  public func inLayer(_ layer: Int) -> Name {
    labelled(label, upper: upperLabel + ["(", String(layer), ")"])
  }

  /// The same quantity in the layer that lies some layers above `l`, for showing.
  public func inLayer(relative offset: Int) -> Name {
    labelled(label, upper: upperLabel + [Time(letter: "l", offset: offset).description])
  }

  /// The layer of a name that `inLayer` made.
  public var layer: Int? {
    guard upperLabel.count >= 3, upperLabel[upperLabel.count - 3] == "(", upperLabel.last == ")" else { return nil }
    return Int(upperLabel[upperLabel.count - 2])
  }

  /// The name without the layer that `inLayer` gave it.
  public var withoutLayer: Name {
    layer == nil ? self : labelled(label, upper: Array(upperLabel.dropLast(3)))
  }
}

extension Parser {
  /// Reads a superscript as a layer: `l`, `l-1`, `(l)`, `(2)`, each with a transpose behind it or not.
  static func layer(_ script: ArraySlice<Token>) -> (layer: Time, transpose: Token?)? {
    var script = script
    var transpose: Token?
    if script.count > 1, let last = script.last, last.isCommand("top") || last.kind == .letter("T") {
      transpose = last
      script = script.dropLast()
      if script.last?.isSign(",") == true { script = script.dropLast() }
    }
    let isBracketed = script.first?.isSign("(") == true && script.last?.isSign(")") == true && script.count > 2
    if isBracketed { script = script.dropFirst().dropLast() }
    guard let layer = Time.read(script, letters: Layering.letters), layer.second == nil,
      layer.letter != nil || isBracketed
    else { return nil }
    return (Time(letter: layer.letter == nil ? nil : "l", offset: layer.offset), transpose)
  }
}
