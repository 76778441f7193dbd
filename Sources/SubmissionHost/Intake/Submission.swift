// What a learner handed in, as far as it counts: copied into memory file by file, so that nothing changes underneath.

/// A learner's files after intake.
public struct Submission: Sendable, Equatable {
  /// One file.
  public struct File: Sendable, Equatable {
    /// Its name without folders.
    public var name: String
    /// What it holds.
    public var bytes: [UInt8]

    /// Its text; bytes that are no UTF-8 are replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A file by name and content.
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Something that lay in the folder and was not taken.
  public struct LeftOut: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Why, a few words.
    public var reason: String
  }

  /// The Swift files, by name.
  public var files: [File]
  /// The written derivation, if there is one.
  public var derivation: File?
  /// The texts of which each could be the derivation, where none is called derivation.md and there are several.
  public var possibleDerivations: [String] = []
  /// What was not taken, by name.
  public var leftOut: [LeftOut]

  /// A submission from its files.
  public init(files: [File], derivation: File? = nil, leftOut: [LeftOut] = []) {
    self.files = files
    self.derivation = derivation
    self.leftOut = leftOut
  }
}

extension Submission {
  /// The type that a learner writes for a `remedy`, and the file that it stands in.
  public static let remedyType = "Remedy"
  /// The file that the cell's own tasks are compiled without, so that a slip in it costs none of their points.
  public static let remedyFile = "Remedy.swift"
}
