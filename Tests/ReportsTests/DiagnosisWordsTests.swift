// The first line about a mistake: the sheet's own words, from which step on, and what is said of vanished gradients.

import Diagnostics
import Faults
import Foundation
import Recurrence
import Sheets
import TestSupport
import Testing

@testable import Diagnosis
@testable import Grading
@testable import Reports

@Suite(.timed) struct DiagnosisWordsTests {
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

  /// Every mistake of some cells in both languages: no empty name, no word twice, no blank where none belongs.
  @Test(arguments: ["rnn-sequence", "lstm-sequence", "gru-sequence", "nndl-6-2p", "nndl-6-3", "nndl-6-4", "nndl-6-5"])
  func everyMistakeIsToldInWholeSentences(_ id: String) throws {
    let sheet = try Sheet(path: Repository.root.appending(path: "exercises/\(id)/sheet.md").path)
    let cell = try #require(sheet.cell)
    for diagnosis in Diagnosis.catalogue(of: cell, hasSequence: true) {
      let (english, chinese) = (Phrases(.english), Phrases(.chinese))
      for text in [english.sentence(diagnosis), english.nextLook(diagnosis)] {
        #expect(!text.isEmpty && !text.contains("  ") && !text.contains("()"), "\(diagnosis.fault): \(text)")
        #expect(text.unicodeScalars.allSatisfy { !(0x3000...0x9fff).contains($0.value) }, "\(text)")
        for broken in ["the the", "initial the", "of  ", " ,", "a parameter", "stand around", "for:", "by  "] {
          #expect(!text.contains(broken), "\(diagnosis.fault): \(text)")
        }
      }
      for text in [chinese.sentence(diagnosis), chinese.nextLook(diagnosis)] {
        #expect(!text.isEmpty && !text.contains("  ") && !text.contains("（）"), "\(diagnosis.fault): \(text)")
        #expect(!Self.hasBlankBetweenWords(text), "\(diagnosis.fault): \(text)")
      }
    }
  }

  /// Whether a blank stands between two Chinese characters, or at either end.
  private static func hasBlankBetweenWords(_ text: String) -> Bool {
    let letters = Array(text.unicodeScalars)
    func isChinese(_ index: Int) -> Bool {
      !letters.indices.contains(index) || (0x3000...0x9fff).contains(letters[index].value)
    }
    return letters.indices.contains { letters[$0] == " " && isChinese($0 - 1) && isChinese($0 + 1) }
  }

  /// What stands there for single mistakes, by their ids.
  @Test(arguments: [
    (
      "rnn-sequence", "time.firstStepOnly:all",
      "only the first step seems to count for Wₓ, Wₕ and b: is the gradient overwritten at each step?",
      "Wₓ、Wₕ、b 的梯度好像只算了第一步：是不是每一步都被覆盖了？"
    ),
    (
      "rnn-sequence", "time.initialZero:all", "the gradient by h₀ seems to be left at zero, as if h₀ were no input",
      "对 h₀ 的梯度好像一直是零，似乎没有把 h₀ 当作输入"
    ),
    (
      "rnn-sequence", "time.inputsReversed:all",
      "the gradients by the inputs seem to be listed in the other order of time",
      "对输入的梯度列表好像顺序反了"
    ),
    (
      "lstm-sequence", "time.carriesExchanged:all",
      "what comes back along hₜ and cₜ seems to be exchanged: each enters where the other belongs",
      "沿 hₜ、cₜ 传回的梯度好像互换了：各自加到了对方的位置"
    ),
    (
      "lstm-sequence", "loop.otherStateHandedOn:c=h",
      "the loop seems to hand on hₜ where cₜ belongs, at the first step too", "循环在该传 cₜ 的地方好像传了 hₜ，第一步也是如此"
    ),
    (
      "nndl-6-4", "dropped:cPrevious<ftodotct1@h",
      "on the path cₜ₋₁ ← fₜ ⊙ cₜ₋₁ ← cₜ the upstream of cₜ alone seems to be used, not the whole gradient of cₜ",
      "路径 cₜ₋₁ ← fₜ ⊙ cₜ₋₁ ← cₜ 上好像只用了 cₜ 的上游梯度，而不是 cₜ 的全部梯度"
    ),
  ])
  func singleMistakes(_ id: String, _ fault: String, _ english: String, _ chinese: String) throws {
    let sheet = try Sheet(path: Repository.root.appending(path: "exercises/\(id)/sheet.md").path)
    let all = Diagnosis.catalogue(of: try #require(sheet.cell), hasSequence: true)
    let diagnosis = try #require(
      all.first { $0.fault == fault }, "\(all.map(\.fault).filter { $0.hasPrefix("dropped:c") })")
    #expect(Phrases(.english).sentence(diagnosis) == english)
    #expect(Phrases(.chinese).sentence(diagnosis) == chinese)
  }

  @Test func vanishedGradientsAreToldWithStepAndSize() {
    func sentence(_ slip: Vanished.Slip, _ language: Language) -> String {
      let vanished = Vanished(slip: slip, step: 23, steps: 30, size: 1.23e-20)
      let diagnosis = Diagnosis(fault: vanished.id, cause: .vanished(vanished), path: [])
      #expect(!Phrases(language).nextLook(diagnosis).isEmpty)
      return Phrases(language).sentence(diagnosis)
    }
    let place = "right as long as the gradient is not small; from step 23 of 30 back, where it is 1.2e-20 of what it is"
    #expect(sentence(.zeros, .english) == place + " at the last step, your values are all zeros")
    #expect(sentence(.multiple(-1), .english) == place + " at the last step, the sign is flipped")
    #expect(sentence(.multiple(100), .english) == place + " at the last step, your values are 100 times the right ones")
    #expect(sentence(.zeros, .chinese) == "梯度不太小时是对的；从第 23 步（共 30 步）往前，梯度只有最后一步的 1.2e-20，交上来的全是零")
    for slip in [Vanished.Slip.tooLarge, .fewDigits, .other] {
      #expect(sentence(slip, .english) != sentence(.zeros, .english))
      #expect(sentence(slip, .chinese) != sentence(.zeros, .chinese))
    }
  }
}
