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
  var contentsWord: String { choose("On this page", "本页内容") }
  var hintsWord: String { choose("Hints", "提示") }
  var skipWord: String { choose("Skip to the text", "跳到正文") }
  var courseWord: String { choose("Course", "课程") }
  var languageWord: String { choose("Language", "语言") }
  var neighboursWord: String { choose("Sheet before and after", "前后两题") }
  var searchWord: String { choose("Find a sheet", "查找题目") }
  var copyWord: String { choose("Copy", "复制") }
  var copiedWord: String { choose("Copied", "已复制") }
  var walkWord: String { choose("Follow the gradient through two steps", "跟着梯度走两步") }
  var walkCaption: String {
    choose(
      "Two steps of the cell with one unit and random numbers. An arrow leads from a quantity to each one whose equation uses it; beside it stands its local factor. On the way back, an adjoint is the sum of one term for each arrow that leaves the quantity: the adjoint at the arrow's head times the local factor. Numbers are rounded to four decimals. The loss is",
      "单元的两个时刻：只有一个隐藏单元，数值随机选取。箭头从一个量指向用到它的每个量，旁边是局部因子。反向时，一个量的梯度等于从它出发的每个箭头各贡献一项之和：箭头终点处的梯度乘以局部因子。数值保留四位小数。损失为")
  }
  var firstEntry: String { choose(" ([1] is the first entry).", "（[1] 表示第一个元素）。") }
  var fullStop: String { choose(".", "。") }
  var wholeList: String { choose("All numbers in a list", "全部数值一览") }
  var forwardWord: String { choose("Forward", "前向") }
  var backwardWord: String { choose("Back", "反向") }
  var stepFirst: String { choose("From the start", "从头开始") }
  var stepBack: String { choose("Back", "上一步") }
  var stepOn: String { choose("Next", "下一步") }
  var pointsWord: String { choose("Points", "分值") }
}
