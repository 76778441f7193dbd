// The version of the program, as `--version` and the key of a grade have it.

/// This version of the program.
public enum Release {
  /// Raised with every release.
  public static let version = "0.1.0"
}
