// The list of sheets in its three forms.

import Diagnostics
import Testing

@testable import Sheets

@Suite struct SheetListTests {
  private let list = SheetList([
    SheetSummary(
      id: "rnn-step", title: "One step, \"by hand\"", points: 60, minutes: 30, needs: [],
      tasks: [.init(id: "forward", kind: "forward", points: 20), .init(id: "backward", kind: "backward", points: 40)]),
    SheetSummary(id: "nndl-6-4", title: "长短期记忆网络的梯度", points: 100, minutes: nil, needs: ["rnn-step", "a"], tasks: []),
  ])

  @Test func csv() {
    #expect(
      list.csv == """
        id,title,points,minutes,needs,tasks\r
        rnn-step,"One step, ""by hand""\",60,30,,forward backward\r
        nndl-6-4,长短期记忆网络的梯度,100,,rnn-step a,\r

        """)
  }

  @Test func json() {
    #expect(
      list.json == """
        [
          {
            "id": "rnn-step",
            "title": "One step, \\"by hand\\"",
            "points": 60,
            "minutes": 30,
            "needs": [],
            "tasks": [{"id": "forward", "kind": "forward", "points": 20}, {"id": "backward", "kind": "backward", "points": 40}]
          },
          {
            "id": "nndl-6-4",
            "title": "长短期记忆网络的梯度",
            "points": 100,
            "minutes": null,
            "needs": ["rnn-step", "a"],
            "tasks": []
          }
        ]

        """)
    #expect(SheetList([]).json == "[]\n")
  }

  @Test func text() {
    #expect(
      list.text(width: 46) == """
        ID        POINTS  MIN  TITLE
        rnn-step      60   30  One step, "by hand"
        nndl-6-4     100       长短期记忆网络的梯度
                               after rnn-step, a

        2 sheets, 160 points

        """)
    #expect(
      list.text(width: 39) == """
        ID        POINTS  MIN  TITLE
        rnn-step      60   30  One step, "by
                               hand"
        nndl-6-4     100       长短期记忆网络的
                               梯度
                               after rnn-step,
                               a

        2 sheets, 160 points

        """)
    #expect(
      SheetList(list.summaries, language: .chinese).text(width: 46) == """
        ID        分值  分钟  题目
        rnn-step    60    30  One step, "by hand"
        nndl-6-4   100        长短期记忆网络的梯度
                              先做 rnn-step、a

        共 2 题，160 分

        """)
  }

  @Test func theTimeIsToldWhereEverySheetSaysIt() {
    let sheets = ["a", "b"].map { SheetSummary(id: $0, title: $0, points: 100, minutes: 100, needs: [], tasks: []) }
    #expect(SheetList(sheets).text().hasSuffix("\n\n2 sheets, 200 points, about 3 h\n"))
    #expect(SheetList([sheets[0]]).text().hasSuffix("a\n"))
    #expect(SheetList(sheets, language: .chinese).text().hasSuffix("\n\n共 2 题，200 分，约 3 小时\n"))
  }

  @Test func essaysCountByHand() throws {
    let sheet = try Fixture.read()
    #expect(sheet.points == 100 && sheet.manualPoints == 10)
  }
}
