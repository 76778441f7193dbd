// What a learner is told of derivation and code, in both languages, and what a program is told.

import Diagnostics
import Foundation
import Grading
import Sheets
import TestSupport
import Testing

@testable import Reports

@Suite(.timed) struct CorrespondenceReportTests {
  @Test func textIsAsExpected() throws {
    try expectGolden(TextReport(.english).text(of: SampleGrades.linked), "linked.txt", in: "reports")
    try expectGolden(TextReport(.chinese).text(of: SampleGrades.linked), "linked.zh.txt", in: "reports")
  }

  @Test func everyVerdictHasWordsOfItsOwn() {
    for language in Language.allCases {
      let links = SampleGrades.linked.correspondences
      let sentences = Dictionary(grouping: links, by: \.verdict).mapValues { Phrases(language).sentence($0[0]) }
      #expect(sentences.count == Correspondence.Verdict.allCases.count)
      #expect(Set(sentences.values).count == sentences.count)
    }
  }

  @Test func jsonIsForPrograms() throws {
    let text = try JSONReport(.english).text(of: SampleGrades.linked)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let links = try #require(json["derivationAndCode"] as? [[String: Any]])
    #expect(links.count == SampleGrades.linked.correspondences.count)
    #expect(links[0]["verdict"] as? String == "sameMistake" && links[0]["check"] as? String == "backward.Wf")
    #expect(links[0]["line"] as? Int == 52 && links[0]["wrongLines"] as? [Int] == [14])
    let input = try #require(links.first { $0["check"] as? String == "sequence.x" })
    #expect(input["steps"] as? [Int] == [2, 3] && input["wrongLines"] == nil)
    let other = try JSONReport(.english).text(of: SampleGrades.mixed)
    #expect(!other.contains("derivationAndCode"))
  }
}
