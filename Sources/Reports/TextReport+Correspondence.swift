// Derivation and code linked: blocks of which the same is to be said share a sentence.

import Grading

extension TextReport {
  /// What is told of derivation and code.
  func correspondences(_ links: [Correspondence], _ phrases: Phrases) -> [String] {
    guard !links.isEmpty else { return [] }
    let hasTasks = Set(links.map(\.task)).count > 1
    var groups: [(sentence: String, task: String, titles: [String])] = []
    for link in links {
      let sentence = phrases.sentence(link)
      let title = phrases.title(link)
      if let index = groups.firstIndex(where: { $0.task == link.task && $0.sentence == sentence }) {
        groups[index].titles.append(title)
      } else {
        groups.append((sentence, link.task, [title]))
      }
    }
    return ["", phrases.correspondenceHeading]
      + groups.flatMap { group in
        titles(group.titles, sign: hasTasks ? "– \(group.task):" : "–") + ["      \(Self.harmless(group.sentence))"]
      }
  }
}
