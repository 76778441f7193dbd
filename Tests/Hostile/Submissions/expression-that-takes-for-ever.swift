// base: right
// expect: doesNotCompile 0
// swift-format-ignore-file
let a = [1, 2.5].map { $0 * 2 }.reduce(0) { $0 + $1 * -1 / 3 } + [1: 2, 3: 4].map { $0.key * $0.value + -$0.key }.reduce(0, +) * 1.5 - -2 * (3 + -4) / 5.5 + [1, 2, 3].enumerated().map { $0.0 * $0.1 + 1.5 }.reduce(-1) { $0 * 2 - $1 } - (1 + 2 * 3 / 4.5 - -5 * 6) * [1, 2].map { -$0 * 1.5 + 2 }.first!
