// The files with which a learner begins an exercise.

public import Diagnostics
public import FoundationEssentials
import Recurrence
public import Sheets

/// What `unroll start` puts into a learner's folder.
public struct Starter: Sendable {
  /// The files, by path below the folder.
  public let files: [Submission.File]

  /// The starter of a sheet: its own Cell.swift where one lies beside the sheet, else one made from its equations; the
  /// interface and CellKit's sources, so that an editor knows the types.
  ///
  /// - Parameters:
  ///   - kitSources: the folder that holds the sources of `CellKit`.
  ///   - language: the language of the derivation's skeleton.
  /// - Throws: an error of the file system.
  public init(_ sheet: Sheet, kitSources: URL, language: Language = .english) throws {
    let skeleton = DerivationSkeleton(sheet, language: language).map {
      Submission.File(name: "derivation.md", bytes: Array($0.text.utf8))
    }
    guard sheet.asksForCode, let cell = sheet.cell else {
      files = skeleton.map { [$0] } ?? []
      return
    }
    let interface = CellInterface(sheet, cell: cell)
    /// The file that lies beside the sheet, if one does; one that cannot be read is no missing one.
    func beside(_ name: String) throws -> [UInt8]? {
      let file = URL(filePath: sheet.file).deletingLastPathComponent().appending(path: name)
      return FileManager.default.fileExists(atPath: file.path) ? try [UInt8](Data(contentsOf: file)) : nil
    }
    let starter = try beside("Cell.swift") ?? Array(interface.starterSource.utf8)
    var files = [
      Submission.File(name: "Cell.swift", bytes: starter),
      Submission.File(name: "Interface.swift", bytes: Array(interface.interfaceSource.utf8)),
      Submission.File(name: "Package.swift", bytes: Array(CellInterface.editorPackage().utf8)),
    ]
    if sheet.tasks.contains(where: { $0.kind == .remedy }) {
      var remedy = interface
      remedy.cellName = Submission.remedyType
      remedy.hasSequence = false
      let bytes = try beside(Submission.remedyFile) ?? Array(remedy.remedyStarterSource.utf8)
      files.append(Submission.File(name: Submission.remedyFile, bytes: bytes))
    }
    let kit = kitSources.appending(path: "CellKit")
    for name in try FileManager.default.contentsOfDirectory(atPath: kit.path).sorted() where name.hasSuffix(".swift") {
      let bytes = try [UInt8](Data(contentsOf: kit.appending(path: name)))
      files.append(Submission.File(name: "CellKit/\(name)", bytes: bytes))
    }
    self.files = files + (skeleton.map { [$0] } ?? [])
  }
}
