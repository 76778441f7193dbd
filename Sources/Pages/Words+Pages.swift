// The few words that stand on pages alone, in each language.

import Diagnostics
import Sheets

extension Words {
  var htmlLanguage: String { choose("en", "zh-Hans") }
  var languageName: String { choose("English", "中文") }
  var courseTitle: String { choose("Gradient flow in recurrent networks", "循环神经网络中的梯度流") }
  var courseIntroduction: String {
    choose(
      "Read a sheet, derive the gradients by hand, write the cell in Swift. The sheets build on one another from the top down.",
      "读题，推导梯度，再用 Swift 写出单元。各题自上而下，前后相承。")
  }
  var homeWord: String { choose("All sheets", "全部题目") }
  var needsWord: String { choose("Comes after", "先做") }
  var taskWord: String { choose("Task", "任务") }
  var figureWord: String { choose("What the experiment shows", "实验的结果") }
  var drawAgain: String { choose("To draw it yourself:", "自己画一张：") }
  var kindWord: String { choose("What you hand in", "提交内容") }
  var pointsWord: String { choose("Points", "分值") }
}
