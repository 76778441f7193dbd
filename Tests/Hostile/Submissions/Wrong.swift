// A wrong cell that lets an attack in at every step of its work.
import CellKit
import Glibc

protocol Quiet {}
extension Quiet {
  static func before() {}
  static func between() {}
  static func after() {}
  static func turned(_ h: Matrix) -> Matrix { h }
  static func turned(_ g: Gradients) -> Gradients { g }
}
enum Attack: Quiet {}

// The name by which the test finds every process of ours, wherever it may be.
let marked: Void = { _ = setName(pthread_self(), "hostile-unroll") }()

struct RNN: Cell {
  struct Cache { var x, hPrevious, h: Matrix }

  static func forward(_ x: Matrix, _ previous: State, _ p: Parameters) -> (Output, Cache) {
    _ = marked
    Attack.before()
    let h = sigmoid(x * p.Wx + previous.h * p.Wh + p.b)
    return (Output(h: Attack.turned(h)), Cache(x: x, hPrevious: previous.h, h: h))
  }

  static func backward(_ upstream: Output, _ cache: Cache, _ p: Parameters) -> Gradients {
    Attack.between()
    let da = upstream.h .* cache.h
    var g = Gradients()
    g.x = da * p.Wx.T
    g.previous.h = da * p.Wh.T
    g.Wx = cache.x.T * da
    g.Wh = cache.hPrevious.T * da
    g.b = da.sumOverRows()
    Attack.after()
    return Attack.turned(g)
  }
}
