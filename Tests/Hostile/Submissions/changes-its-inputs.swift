// base: right
// expect: failed 0
import CellKit
extension Attack {
  // What the values share is written through a pointer, past the language's copying.
  static func turned(_ h: Matrix) -> Matrix {
    let copy = h
    copy.elements.withUnsafeBufferPointer { UnsafeMutableBufferPointer(mutating: $0).update(repeating: 0.25) }
    return h
  }
}
