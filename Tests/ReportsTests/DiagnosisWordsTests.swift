// The first line about a mistake: the sheet's own words, from which step on, and what is said of vanished gradients.

import Recurrence
import Sheets
import Testing

@testable import Grading
@testable import Reports

@Suite struct DiagnosisWordsTests {
  private static func check(_ id: String, wrong steps: [Int], isBackward: Bool, _ diagnosis: Diagnosis) -> Check {
    let step = isBackward ? steps.last : steps.first
    var place = DrawPlace(sizes: ["H": 5, "T": 4], step: step, zero: [])
    place.wrongSteps = steps
    place.isBackward = isBackward
    let difference = Difference(relativeError: 0.5, row: 0, column: 0, expected: 1, received: 2)
    return Check(
      task: "sequence", id: id, title: id, finding: .differs(difference, at: place), diagnosis: diagnosis, maxPoints: 1)
  }

  private static let dropped = Diagnosis(fault: "time.carryDropped:h", cause: .time(.carryDropped), path: ["h_t"])

  @Test func theSheetsWordsStandInTheLanguageAskedFor() {
    var diagnosis = Self.dropped
    diagnosis.words = [.english: "own words", .chinese: "自己的话"]
    #expect(Phrases(.english).sentence(diagnosis) == "own words")
    #expect(Phrases(.chinese).sentence(diagnosis) == "自己的话")
    diagnosis.ties = ["other"]
    #expect(Phrases(.english).sentence(diagnosis) == "own words (or 1 other mistake that would show just so here)")
    // A sheet without a translation has no words of its own in Chinese.
    diagnosis.words[.chinese] = nil
    #expect(Phrases(.chinese).sentence(diagnosis).hasPrefix("第 t 步沿 hₜ 传回的梯度"))
  }

  @Test(arguments: [
    ([1, 2, 3], true, "; wrong from step 3 of 4 back", "；共 4 步，从第 3 步往前都不对"),
    ([2, 3, 4], false, "; wrong from step 2 of 4 on", "；共 4 步，从第 2 步起都不对"),
    ([1, 2, 3, 4], true, "; wrong at every step", "；每一步都不对"),
    ([1], true, "; wrong at step 1 of 4 alone", "；4 步中只有第 1 步不对"),
  ])
  func theStepStandsInTheFirstLine(_ steps: [Int], _ isBackward: Bool, _ english: String, _ chinese: String) {
    let check = Self.check("sequence.x", wrong: steps, isBackward: isBackward, Self.dropped)
    #expect(Phrases(.english).onset([check]) == english)
    #expect(Phrases(.chinese).onset([check]) == chinese)
    #expect(Onset([check])?.step == (isBackward ? steps.last : steps.first))
  }

  /// What goes wrong on the way forward comes before any gradient; of several blocks the first to go wrong counts.
  @Test func theFirstOfSeveralBlocksCounts() {
    let back = Self.check("sequence.x", wrong: [1, 2, 3, 4], isBackward: true, Self.dropped)
    let later = Self.check("sequence.y", wrong: [3, 4], isBackward: false, Self.dropped)
    let ahead = Self.check("sequence.h", wrong: [2, 3, 4], isBackward: false, Self.dropped)
    #expect(Onset([back, later, ahead])?.step == 2)
    #expect(Onset([]) == nil)
  }

  @Test func vanishedGradientsAreToldWithStepAndSize() {
    func sentence(_ slip: Vanished.Slip, _ language: Language) -> String {
      let vanished = Vanished(slip: slip, step: 23, steps: 30, size: 1.23e-20)
      let diagnosis = Diagnosis(fault: vanished.id, cause: .vanished(vanished), path: [])
      #expect(!Phrases(language).nextLook(diagnosis).isEmpty)
      return Phrases(language).sentence(diagnosis)
    }
    let place = "right as long as the gradient is not small; from step 23 of 30 back, where it is 1.2e-20 of what it is"
    #expect(sentence(.zeros, .english) == place + " at the last step, only zeros were handed in")
    #expect(sentence(.multiple(-1), .english) == place + " at the last step, its sign is turned round")
    #expect(sentence(.multiple(100), .english) == place + " at the last step, 100 times what is right was handed in")
    #expect(sentence(.zeros, .chinese) == "梯度不太小时是对的；从第 23 步（共 30 步）往前，梯度只有最后一步的 1.2e-20，交上来的全是零")
    for slip in [Vanished.Slip.tooLarge, .fewDigits, .other] {
      #expect(sentence(slip, .english) != sentence(.zeros, .english))
      #expect(sentence(slip, .chinese) != sentence(.zeros, .chinese))
    }
  }
}
