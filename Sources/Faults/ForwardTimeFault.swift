// The mistakes that a loop over time can make on the way forward: what is carried, fed, and handed out.

import CellKit
import Diagnostics
public import Recurrence

/// A mistake in the loop over time, on the way forward.
public struct ForwardTimeFault: Sendable, Hashable {
  /// A row of the table: what was done, what that rewrites, and its words.
  public struct Slip: Sendable, Hashable {
    let name: String
    let rewrite: Rewrite
    /// What was probably done.
    public let words: Words
    /// What to look at next.
    public var look: Words { Look.loop }

    init(_ name: String, _ rewrite: Rewrite, words: @escaping Words) {
      self.name = name
      self.rewrite = rewrite
      self.words = words
    }

    public static func == (left: Slip, right: Slip) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The table, in the order in which mistakes are listed.
    public static let all: [Slip] = [
      .statesNotPassed, .statesZeroEachStep, .initialIgnored, .inputsReversed, .inputsOneEarlier, .inputsOneLater,
      .firstInputOnly, .outputsReversed, .outputsOneEarlier, .outputsOneLater, .lastOutputOnly, .outputsBeforeStep,
      .otherHandedOn, .otherStateHandedOn, .statesExchanged,
    ]
  }

  /// What a loop forward does in another way.
  enum Rewrite: Sendable {
    /// What a step begins with, from what the step before left, the initial state and the step.
    case state(@Sendable (_ left: Matrix, _ initial: Matrix, TimeFault.Step) -> Matrix)
    /// The step whose inputs are taken.
    case input(@Sendable (TimeFault.Step) -> Int)
    /// The step whose output stands at a step of the list.
    case output(@Sendable (TimeFault.Step) -> Int)
    /// The list of a state begins with the initial one and ends before the last.
    case outputsBeforeStep
    /// Another quantity, or another state, handed on in the place of a state, or two states for each other.
    case otherHandedOn, otherStateHandedOn, statesExchanged
  }

  /// What was done.
  public let slip: Slip
  /// With which state; nil for all of them and where no state is meant.
  public let state: Int?
  /// The node whose value is handed on in the place of the state.
  public let standIn: Int?

  init(slip: Slip, state: Int? = nil, standIn: Int? = nil) {
    self.slip = slip
    self.state = state
    self.standIn = standIn
  }

  /// A name that stays the same as long as the sheet does, such as `loop.statesNotPassed:c`.
  public func id(in cell: Cell) -> String {
    "loop.\(slip.name):\(state.map { cell.quantities.states[$0].swift } ?? "all")"
      + (standIn.map { "=" + cell.display(of: $0).swift } ?? "")
  }
}

extension Cell {
  /// Every fault of the loop over time on the way forward.
  public var forwardTimeFaults: [ForwardTimeFault] {
    ForwardTimeFault.Slip.all.flatMap { slip -> [ForwardTimeFault] in
      let all = [ForwardTimeFault(slip: slip)]
      switch slip.rewrite {
      case .state:
        let count = quantities.states.count
        return all + (count > 1 ? (0..<count).map { ForwardTimeFault(slip: slip, state: $0) } : [])
      case .otherHandedOn:
        return quantities.states.indices.flatMap { handedOn($0, graph.named.values.sorted(), slip) }
      case .otherStateHandedOn:
        return quantities.states.indices.flatMap { handedOn($0, graph.results.prefix(quantities.states.count), slip) }
      case .statesExchanged: return hasTwoLikeStates ? all : []
      case .input, .output, .outputsBeforeStep: return all
      }
    }
  }

  /// Others of some nodes handed on in the place of a state.
  private func handedOn(
    _ state: Int, _ nodes: some Sequence<Int>, _ slip: ForwardTimeFault.Slip
  ) -> [ForwardTimeFault] {
    let own = graph.results[state]
    guard graph.previous[state] != nil else { return [] }
    return nodes.filter { $0 != own && graph.nodes[$0].shape == graph.nodes[own].shape }
      .map { ForwardTimeFault(slip: slip, state: state, standIn: $0) }
  }

  /// Whether the cell has two states, and either could stand for the other.
  var hasTwoLikeStates: Bool {
    quantities.states.count == 2 && graph.nodes[graph.results[0]].shape == graph.nodes[graph.results[1]].shape
  }
}
