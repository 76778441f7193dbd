// Derivation and code handed in together: which of the two is to be mended, and at which line.

import Derivation
import Foundation
import Sheets
import Testing

@testable import Grading
@testable import SubmissionHost

@Suite struct CorrespondenceTests {
  /// The links of a model solution in which texts of the code and of the derivation are replaced, by block.
  private func links(
    _ id: String, code: (String, String)? = nil, derivation: [(String, String)] = [], task: String? = nil
  ) async throws -> [String: Correspondence] {
    let links = try await grade(id, code: code, derivation: derivation).correspondences
      .filter { $0.task == task || task == nil }
    return Dictionary(uniqueKeysWithValues: links.map { ($0.check, $0) })
  }

  private func grade(
    _ id: String, code: (String, String)? = nil, derivation: [(String, String)] = []
  ) async throws -> Grade {
    let whole = try code.map { try Course.changed(id, $0.0, $0.1) } ?? Course.solution(id)
    var text = try #require(whole.derivation).text
    for (old, new) in derivation {
      try #require(text.contains(old), "\(id) has no `\(old)`")
      text = text.replacingOccurrences(of: old, with: new)
    }
    let file = Submission.File(name: "derivation.md", bytes: Array(text.utf8))
    return try await Course.grade(Submission(files: whole.files, derivation: file), of: id)
  }

  /// The line of the model derivation on which a text stands.
  private func line(_ id: String, _ part: String) throws -> Int {
    let text = try #require(try Course.solution(id).derivation).text
    let index = try #require(text.range(of: part)).lowerBound
    return text[..<index].filter { $0 == "\n" }.count + 1
  }

  private static let forgetGate = #"\frac{\partial L}{\partial f_t} &= \frac{\partial L}{\partial c_t} \odot c_{t-1}"#
  private static let ofForgetGate: Set = [
    "backward.Wf", "backward.Uf", "backward.bf", "backward.x", "backward.previous.h",
  ]

  @Test func theCodeAloneIsWrong() async throws {
    let links = try await links(
      "nndl-6-4", code: ("dc .* cache.cPrevious .* f", "dc .* candidate .* f"))
    #expect(Set(links.keys) == Self.ofForgetGate)
    #expect(links.values.allSatisfy { $0.verdict == .codeDiffers && $0.roots.isEmpty && $0.assumed.isEmpty })
    #expect(links["backward.Wf"]?.line == (try line("nndl-6-4", #"\frac{\partial L}{\partial W_f} &="#)))
  }

  @Test func theSameMistakeInBoth() async throws {
    let links = try await links(
      "nndl-6-4", code: ("dc .* cache.cPrevious .* f", "dc .* candidate .* f"),
      derivation: [(Self.forgetGate, Self.forgetGate.replacingOccurrences(of: "c_{t-1}", with: #"\tilde{c}_t"#))])
    #expect(Set(links.keys) == Self.ofForgetGate)
    #expect(links.values.allSatisfy { $0.verdict == .sameMistake })
    let root = WrittenGradients.Root(
      line: try line("nndl-6-4", Self.forgetGate), latex: #"\frac{\partial L}{\partial f_t}"#)
    #expect(links.values.allSatisfy { $0.roots == [root] })
  }

  @Test func theDerivationAloneIsWrong() async throws {
    let grade = try await grade(
      "nndl-6-4",
      derivation: [(Self.forgetGate, Self.forgetGate.replacingOccurrences(of: "c_{t-1}", with: #"\tilde{c}_t"#))])
    #expect(Set(grade.correspondences.map(\.check)) == Self.ofForgetGate)
    #expect(grade.correspondences.allSatisfy { $0.verdict == .derivationDiffers && $0.roots.count == 1 })
    // The code loses nothing by it.
    #expect(grade.checks.filter { $0.task == "backward" }.allSatisfy { $0.status == .passed })
  }

  @Test func bothAreWrongEachInItsWay() async throws {
    let links = try await links(
      "nndl-6-4", code: ("dc .* cache.cPrevious .* f", "dc .* i .* f"),
      derivation: [(Self.forgetGate, Self.forgetGate.replacingOccurrences(of: "c_{t-1}", with: #"\tilde{c}_t"#))])
    #expect(Set(links.keys) == Self.ofForgetGate)
    #expect(links.values.allSatisfy { $0.verdict == .bothDiffer })
  }

  /// The road from the next step, which code receives as its upstream, is a term of a line.
  @Test func aForgottenRoadOfTheMemory() async throws {
    let road = #" + f_{t+1} \odot \frac{\partial L}{\partial c_{t+1}}"#
    let other = #" + f_t \odot \frac{\partial L}{\partial c_t}"#
    let links = try await links(
      "nndl-6-4", code: ("let dc = upstream.c + upstream.h", "let dc = upstream.h"),
      derivation: [(road, ""), (other, "")])
    let memory = ["backward.Wf", "backward.Ui", "backward.bc", "backward.x", "backward.previous.h"]
    let root = WrittenGradients.Root(
      line: try line("nndl-6-4", #"\frac{\partial L}{\partial c_t} ="#), latex: #"\frac{\partial L}{\partial c_t}"#)
    for id in memory {
      #expect(links[id]?.verdict == .sameMistake, "\(id): \(String(describing: links[id]))")
      #expect(links[id]?.roots == [root], "\(id)")
    }
    #expect(links["backward.Wo"] == nil)
  }

  /// A mistake in a recursion reaches every gradient behind it, and its line is named.
  @Test func aRecursionIsFollowedThrough() async throws {
    let road = #"f_{t+1} \odot \frac{\partial L}{\partial c_{t+1}}"#
    let changed = road.replacingOccurrences(of: "f_{t+1}", with: "o_{t+1}")
    let links = try await links("nndl-6-2p", derivation: [(road, changed)], task: "sequence")
    let root = WrittenGradients.Root(line: try line("nndl-6-2p", road), latex: #"\frac{\partial L}{\partial c_t}"#)
    for id in ["Wf", "Wi", "Wc", "x", "initial.h", "bf"] {
      #expect(links["sequence.\(id)"]?.verdict == .derivationDiffers, "\(id)")
      #expect(links["sequence.\(id)"]?.roots == [root], "\(id)")
    }
    #expect(links["sequence.Wy"] == nil)
  }

  @Test func theStepsOfAnInputAreTold() async throws {
    let links = try await links(
      "nndl-6-2p",
      derivation: [
        (
          #"\frac{\partial L}{\partial x_t} = \frac{\partial v_t}{\partial x_t} \frac{\partial L}{\partial v_t}"#,
          #"\frac{\partial L}{\partial x_t} = \frac{\partial v_t}{\partial x_t} \frac{\partial L}{\partial v_{t+1}}"#
        )
      ], task: "sequence")
    let link = try #require(links["sequence.x"])
    #expect(links.count == 1 && link.verdict == .derivationDiffers)
    #expect(link.steps == Array(1...link.stepCount) && link.stepCount > 1)
  }

  @Test func whatIsNotStatedIsSaidWhereTheCodeIsWrong() async throws {
    let line = #"\frac{\partial L}{\partial W_f} &= \sum_{t=1}^{T} \delta_{f,t} x_t^\top \\"#
    let links = try await links(
      "nndl-6-4", code: ("g.Wf = df * cache.x.T", "g.Wf = di * cache.x.T"), derivation: [(line, "")])
    #expect(links.mapValues(\.verdict) == ["backward.Wf": .notStated])
    #expect(try await self.links("nndl-6-4", derivation: [(line, "")]).isEmpty)
  }

  @Test func whatNoLineGivesIsTakenAsItIs() async throws {
    let grade = try await grade(
      "nndl-6-5", code: ("g.Wz = dz * cache.x.T", "g.Wz = dr * cache.x.T"),
      derivation: [
        (#"&= \frac{\partial L_{t-1}}{\partial h_{t-1}}"#, #"&\approx \frac{\partial L_{t-1}}{\partial h_{t-1}}"#),
        (#"$`\frac{\partial L}{\partial h_T} = \frac{\partial L_T}{\partial h_T}`$"#, ""),
      ])
    #expect(grade.correspondences.map(\.check) == ["backward.Wz"])
    #expect(grade.correspondences.first?.verdict == .codeDiffers)
    #expect(grade.correspondences.first?.assumed == [#"\frac{\partial L}{\partial h_t}"#])
  }
}
