// Finds what a person probably meant by a word that is not known.

import Diagnostics

/// The known words nearest to a word, however far away they are.
public func nearest(_ count: Int, to word: String, among known: some Sequence<String>) -> [String] {
  let letters = Array(word.lowercased())
  let all = known.map { (distance: editDistance(letters, Array($0.lowercased())), word: $0) }
  return all.sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.prefix(count).map(\.word)
}

/// The known words that are a slip or two away from a word, the nearest first.
package func nearMatches(to word: String, among known: some Sequence<String>) -> [String] {
  let letters = Array(word.lowercased())
  let limit = max(1, min(3, letters.count / 3))
  let near = known.compactMap { candidate -> (distance: Int, word: String)? in
    let other = Array(candidate.lowercased())
    guard abs(other.count - letters.count) <= limit else {
      // A word cut short is near too.
      return letters.count >= 3 && candidate.lowercased().hasPrefix(word.lowercased()) ? (limit + 1, candidate) : nil
    }
    let distance = editDistance(letters, other)
    return distance <= limit ? (distance, candidate) : nil
  }
  return near.sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.map(\.word)
}

/// `; did you mean ...?` where there is a near match, else nothing.
func suggestion(for word: String, among known: some Sequence<String>) -> Message {
  nearMatches(to: word, among: known).first.map { "; did you mean `\($0)`?" } ?? ""
}

/// How many letters must be changed, added, dropped or swapped with their neighbour to get from one word to the other.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[right.count]
}
