// What people write who come from Python, NumPy, MATLAB or another language: each name exists, is unavailable, and says what
// to write instead. Without these the compiler speaks of SIMD types, or searches for half a minute.

/// Raising to a power, in other languages.
infix operator ** : BitwiseShiftPrecedence

// MARK: - Whole numbers among matrices

extension Matrix {
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func + (a: Matrix, n: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func + (n: Int, a: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func - (a: Matrix, n: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func - (n: Int, a: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func * (a: Matrix, n: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func * (n: Int, a: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func / (a: Matrix, n: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func / (n: Int, a: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func .* (a: Matrix, n: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func .* (n: Int, a: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func ./ (a: Matrix, n: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "an Int does not mix with a Matrix; write Double(n)")
  public static func ./ (n: Int, a: Matrix) -> Matrix { unavailable() }
}

// MARK: - Operators

extension Matrix {
  @available(*, unavailable, message: "write a ./ b for the quotient by element")
  public static func / (a: Matrix, b: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a .*= b by element, or a = a * b for the matrix product")
  public static func *= (a: inout Matrix, b: Matrix) { unavailable() }
  @available(*, unavailable, message: "there is no power of a Matrix; write a .* a for the square by element")
  public static func ^ (a: Matrix, power: Double) -> Matrix { unavailable() }
  @available(*, unavailable, message: "there is no power of a Matrix; write a .* a for the square by element")
  public static func ** (a: Matrix, power: Double) -> Matrix { unavailable() }
}

@available(*, unavailable, message: "write x * x for the square, or pow(x, y)")
public func ** (x: Double, power: Double) -> Double { unavailable() }

@available(*, unavailable, message: "there is no power of a Matrix; write a .* a for the square by element")
public func pow(_ a: Matrix, _ power: Double) -> Matrix { unavailable() }

// MARK: - Names from NumPy

extension Matrix {
  @available(*, unavailable, message: "write a * b for the matrix product, a .* b by element")
  public func dot(_ other: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a * b for the matrix product")
  public func matmul(_ other: Matrix) -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a.T")
  public func transpose() -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a.T")
  public func transposed() -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a.T")
  public func t() -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a.rows and a.columns")
  public var shape: (Int, Int) { unavailable() }
  @available(*, unavailable, message: "write a.sumOverRows() for axis 0, a.sumOverColumns() for axis 1")
  public func sum(axis: Int) -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a.sumOverRows() or a.sumOverColumns()")
  public func sum() -> Double { unavailable() }
  @available(*, unavailable, message: "a Matrix is a value: let b = a is a copy")
  public func copy() -> Matrix { unavailable() }
  @available(*, unavailable, message: "write a[i, j] for an entry, a[rows: i..<i + 1] for a row; indices start at 0")
  public subscript(row: Int) -> Matrix { unavailable() }
}

// MARK: - Names from Python

@available(*, unavailable, message: "write a.rows or a.columns, for an array list.count")
public func len<Value>(_ value: Value) -> Int { unavailable() }
@available(*, unavailable, message: "write 0..<n, as in: for i in 0..<n { }")
public func range(_ count: Int) -> Range<Int> { unavailable() }
@available(*, unavailable, message: "write start..<end, as in: for i in start..<end { }")
public func range(_ start: Int, _ end: Int) -> Range<Int> { unavailable() }
@available(*, unavailable, message: "write stride(from: start, to: end, by: step)")
public func range(_ start: Int, _ end: Int, _ step: Int) -> Range<Int> { unavailable() }
@available(*, unavailable, message: "write for (i, x) in list.enumerated() { }")
public func enumerate<Element>(_ list: [Element]) -> [(Int, Element)] { unavailable() }
@available(*, unavailable, message: "write true")
public var True: Bool { unavailable() }
@available(*, unavailable, message: "write false")
public var False: Bool { unavailable() }
@available(*, unavailable, message: "write nil")
public var None: Never { unavailable() }

private func unavailable() -> Never { fatalError("this name is unavailable") }
