// Lines about a stack of layers: one written line is a claim for each layer, and reads as one line a layer.

import Diagnostics
import Formula
import Recurrence

extension Expression.Symbol {
  /// The symbol of one layer; nil where there is none. What the first layer reads from below is the input.
  func inLayer(_ l: Int, of stack: Stack) -> Expression.Symbol? {
    guard let layer else { return self }
    let number = layer.layer(l)
    if number == 0, name == stack.state { return Expression.Symbol(stack.input.inLayer(1), times: times) }
    guard (1...stack.layers + 1).contains(number) else { return nil }
    return Expression.Symbol(name.inLayer(number), times: times)
  }
}

extension Expression {
  /// The tree of one layer; nil where something in it has none.
  func inLayer(_ l: Int, of stack: Stack) -> Expression? {
    var isThere = true
    let tree = mapSymbols { symbol in
      guard let own = symbol.inLayer(l, of: stack) else {
        isThere = false
        return symbol
      }
      return own
    }
    return isThere ? tree : nil
  }

  /// The highest layer that it speaks of where `l` has a number.
  func highestLayer(_ l: Int) -> Int {
    var highest = 0
    _ = mapSymbols { symbol in
      highest = max(highest, symbol.layer?.layer(l) ?? 0)
      return symbol
    }
    return highest
  }
}

extension Statement {
  /// The chain of one layer; nil where its condition leaves the layer out, or something in it is not there.
  func inLayer(_ l: Int, of stack: Stack) -> Statement? {
    var own: [Condition] = []
    for condition in conditions {
      guard condition.left.isLayer || condition.right.isLayer else {
        own.append(condition)
        continue
      }
      guard condition.relation.holds(condition.left.layer(l), condition.right.layer(l)) else { return nil }
    }
    var members: [Member] = []
    for member in self.members {
      guard let tree = member.expression else {
        members.append(member)
        continue
      }
      guard let placed = tree.inLayer(l, of: stack) else { return nil }
      members.append(Member(content: .success(placed), range: member.range))
    }
    return replacing(members: members, conditions: own)
  }
}

extension Context {
  /// A name as a line of layer `layer` speaks of it: `h^{l+1}`.
  func shown(_ name: Name) -> Name {
    guard cell.stack != nil, let layer, let number = name.layer else { return name }
    return name.withoutLayer.inLayer(relative: number - layer)
  }

  /// A tree with its layers as a line of layer `layer` speaks of them.
  func shown(_ tree: Expression) -> Expression {
    guard cell.stack != nil else { return tree }
    return tree.mapSymbols { Expression.Symbol(shown($0.name), times: $0.times, layer: $0.layer) }
  }

  /// A symbol with its layer as a line of layer `layer` speaks of it.
  func shown(_ symbol: Expression.Symbol) -> String {
    Expression.Symbol(shown(symbol.name), times: symbol.times, layer: symbol.layer).latex
  }

  /// The layer of what a derivative is by; nil where the sheet has none.
  func layer(of target: Target) -> Int? { cell.stack == nil ? nil : name(of: target).layer }

  /// Whether no loss sees it, because it lies above the top layer.
  func isAbove(_ target: Target) -> Bool {
    guard let stack = cell.stack, let layer = layer(of: target) else { return false }
    return layer > stack.layers
  }
}
