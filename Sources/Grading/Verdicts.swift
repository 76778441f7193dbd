// The number of the rules by which verdicts come about, so that grades by different rules are not mixed.

/// The rules of grading, as the key of a grade names them.
public enum Verdicts {
  /// Raised whenever any submission may get another verdict than before. Grades that were kept under an earlier number
  /// are not taken for grades of this program: `--resume` grades again, and a table is not made of both.
  public static let number = 5

  /// SHA-256 of this number and of the goldens, corpora and labels that say which verdicts it stands for. Where they
  /// change, a test fails until the number has been raised; it prints the sum for the next number.
  package static let digest = "21ce817ca2772c7fd347faddc2306ff002682bcb42e9d3cb7992327d27f3bdd7"
}
