// Verdicts on bounds: every network that is drawn, then those that are sought out.

import Diagnostics
import Formula
import Recurrence

extension Examiner {
  func bound(
    _ link: Int, of chain: ElaboratedChain,
    _ made: (LinkVerdict, Wording, NearMiss?, Double?, Range<Int>?) -> DerivationReport.Link
  ) -> DerivationReport.Link {
    let relation = chain.statement.signs[link].relation
    let (low, high) = relation == .lessOrEqual || relation == .less ? (link, link + 1) : (link + 1, link)
    guard let a = chain.terms[low], let b = chain.terms[high], a.size.isScalar, b.size.isScalar else {
      return made(.notUnderstood, Wording("a bound is between numbers; take norms", "不等式两边应是数；请取范数"), nil, nil, nil)
    }
    let excess = BoundExcess(chain: chain, low: a, high: b)
    var worst: BoundExcess.Place?
    var tried = 0
    for world in session.worlds {
      let (value, isWhole) = excess.largest(in: world)
      guard isWhole else { return made(.undecided, Self.exhausted, nil, nil, nil) }
      guard let value else { continue }
      tried += 1
      if value.share > worst?.share ?? -.infinity { worst = value }
    }
    guard tried > 0 else {
      return made(
        .notUnderstood, Wording("there is no step at which everything here is defined", "没有任何一步能使这里的各项都有定义"), nil, nil,
        nil)
    }
    if let worst, worst.share > ElaboratedChain.tolerance {
      let place = excess.told(worst)
      return made(
        .doesNotHold,
        Wording(
          "the bound is broken: one side exceeds the other by a share of \(worst.share.shortText); \(place.english)",
          "不等式不成立：超出比例 \(worst.share.shortText)；\(place.chinese)"),
        nil, worst.share, nil)
    }
    switch attack.outcome(excess) {
    case .broken(let how, let worst):
      let (share, place) = (worst.share.shortText, excess.told(worst))
      return made(
        .doesNotHold,
        Wording(
          "the bound can be broken: \(how.english); one side exceeds the other by a share of \(share); \(place.english)",
          "不等式可以被打破：\(how.chinese)；超出比例 \(share)；\(place.chinese)"),
        nil, worst.share, nil)
    case .unbroken:
      return made(
        .holds, Wording("no network that was drawn or sought out breaks this bound", "抽取的和刻意寻找的网络都满足这一不等式"), nil, nil,
        nil
      )
    case .unfinished:
      return made(
        .undecided,
        Wording(
          "the bounds of this text take too much work to test; hand in fewer of them, with shorter sums",
          "这份推导中的不等式计算量过大，无法检验；请减少不等式，并缩短求和范围"), nil, nil, nil)
    }
  }
}
