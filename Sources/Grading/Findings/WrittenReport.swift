// What was found in the written part of a submission.

public import Derivation
public import Diagnostics

/// What a check of `derivation.md` found, for the report.
public struct WrittenReport: Sendable {
  /// The text that was read.
  public let source: SourceText
  /// How it was read where its cell or its letters are not the sheet's.
  public let reading: [DerivationReport.Reading]
  /// Its chains in the order of the file.
  public let chains: [DerivationReport.Chain]
  /// The goals of every derivation task, in the order of the sheet.
  public let goals: [DerivationReport.Goal]
  /// What does not belong to a single chain.
  public let diagnostics: [Diagnostic]
  /// That a verdict is a test and no proof.
  public let method: Wording
}
