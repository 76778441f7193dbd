// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "unroll",
  products: [
    .executable(name: "unroll", targets: ["unroll"]),
    .executable(name: "launch", targets: ["launch"]),
    // What a submission imports; the starter's Package.swift names it so that an editor knows the types.
    .library(name: "CellKit", targets: ["CellKit"]),
    // What Fuzz/ and Benchmarks/ build on.
    .library(
      name: "UnrollDerivation", targets: ["Derivation", "Diagnostics", "Faults", "Formula", "Recurrence", "Sheets"]),
    .library(name: "UnrollGrading", targets: ["CellKit", "SubmissionHost", "Wire"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CCmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CSHA2", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
    .target(name: "CellKit", swiftSettings: settings),
    // Calls and answers as bytes: for both ends, and so compiled into each submission as well.
    .target(name: "Wire", dependencies: ["CellKit"], swiftSettings: settings),
    .target(name: "SubmissionMain", dependencies: ["CellKit", "Wire"], swiftSettings: settings),
    .target(name: "Diagnostics", swiftSettings: settings),
    .target(name: "CSV", swiftSettings: settings),
    .target(name: "Formula", dependencies: ["Diagnostics"], swiftSettings: settings),
    // tanh and exp of glibc's libmvec, which Swift cannot call.
    .target(name: "CElementwise", linkerSettings: [.linkedLibrary("mvec", .when(platforms: [.linux]))]),
    // The only target that knows OpenBLAS.
    .target(name: "LinearAlgebra", dependencies: ["CBLAS", "CellKit"], swiftSettings: settings),
    .target(
      name: "Recurrence", dependencies: ["CElementwise", "CellKit", "Diagnostics", "Formula", "LinearAlgebra"],
      swiftSettings: settings),
    // Mistakes with a cell: made on purpose, so that they are known where somebody makes them.
    .target(
      name: "Faults", dependencies: ["CellKit", "Diagnostics", "Formula", "LinearAlgebra", "Recurrence"],
      swiftSettings: settings),
    .target(name: "Models", dependencies: ["CellKit", "Recurrence"], swiftSettings: settings),
    // The only target that knows cmark; with formulas as text for a terminal.
    .target(name: "Markdown", dependencies: ["CCmark", "Diagnostics"], swiftSettings: settings),
    .target(
      name: "Sheets",
      dependencies: ["CSV", "Diagnostics", "Formula", "Markdown", "Models", "Recurrence", "Yams"],
      swiftSettings: settings),
    .target(
      name: "Pages",
      dependencies: [
        "CellKit", "Diagnostics", "Formula", "Markdown", "Recurrence", "Sheets",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .target(
      name: "Derivation",
      dependencies: ["CellKit", "Diagnostics", "Formula", "LinearAlgebra", "Markdown", "Recurrence"],
      swiftSettings: settings),
    // Linked whole and without Swift's start-up code: it runs inside the jail, where no library of ours lies.
    .executableTarget(
      name: "launch",
      linkerSettings: [.linkedLibrary("seccomp"), .unsafeFlags(["-static-executable", "-nostartfiles"])]),
    // The only target that knows libmd.
    .target(name: "Hashing", dependencies: ["CSHA2"], swiftSettings: settings),
    // A jail for one program, and what is left of it; `launch` sets it up.
    .target(
      name: "Sandbox",
      dependencies: [
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    // From a learner's folder to answers: intake, the Swift side of a cell, build, calls.
    .target(
      name: "SubmissionHost",
      dependencies: [
        "CellKit", "Diagnostics", "Formula", "Hashing", "Models", "Recurrence", "Sandbox", "Sheets", "Wire",
      ],
      swiftSettings: settings),
    // Draws, comparison, and what explains wrong blocks. Starts no process and reads no file.
    .target(
      name: "Diagnosis",
      dependencies: ["CellKit", "Diagnostics", "Faults", "Formula", "Recurrence", "Sheets"],
      swiftSettings: settings),
    // What a submission computes, found from its numbers alone.
    .target(
      name: "Recovery", dependencies: ["CellKit", "Diagnosis", "Faults", "Formula", "Recurrence"],
      swiftSettings: settings),
    .target(
      name: "GradientFlow",
      dependencies: [
        "CSV", "CellKit", "Diagnostics", "Formula", "LinearAlgebra", "Recurrence",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .target(
      name: "Grading",
      dependencies: [
        "CellKit", "Derivation", "Diagnosis", "Diagnostics", "Faults", "Formula", "GradientFlow", "Hashing", "Markdown",
        "Models", "Recovery", "Recurrence", "Sandbox", "Sheets", "SubmissionHost", "Wire",
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "CSV", "Derivation", "Diagnosis", "Diagnostics", "Faults", "Grading", "Markdown", "Recurrence", "Sandbox",
        "Sheets",
        "SubmissionHost",
      ],
      swiftSettings: settings),
    // A class, its gradebook, and a folder that is watched. The only target that knows SQLite.
    .target(
      name: "Classroom",
      dependencies: [
        "Diagnostics", "Grading", "Hashing", "Reports", "Sandbox", "Sheets", "SubmissionHost",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    // What an author of sheets needs: whether a sheet can be handed out, what mistakes are recognised, figures.
    .target(
      name: "Authoring",
      dependencies: [
        "CellKit", "Derivation", "Diagnosis", "Diagnostics", "Faults", "Formula", "GradientFlow", "Grading", "Markdown",
        "Models", "Recurrence", "Sheets", "SubmissionHost",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "unroll",
      dependencies: [
        "Authoring", "CellKit", "Classroom", "Diagnosis", "Diagnostics", "GradientFlow", "Grading", "Pages",
        "Recurrence", "Reports", "Sandbox", "Sheets", "SubmissionHost",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // What all tests share: their tiers, where things are, folders that go away, expected files.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "FormulaTests", dependencies: ["Diagnostics", "Formula", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "RecurrenceTests",
      dependencies: ["CellKit", "Diagnostics", "Formula", "Models", "Recurrence", "Sheets", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "GradientFlowTests",
      dependencies: ["CellKit", "Formula", "GradientFlow", "LinearAlgebra", "Recurrence", "Sheets", "TestSupport"],
      exclude: ["PyTorch"], swiftSettings: settings),
    .testTarget(name: "UnrollTests", dependencies: ["TestSupport", "launch", "unroll"], swiftSettings: settings),
    .testTarget(name: "CellKitTests", dependencies: ["CellKit", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "SheetsTests",
      dependencies: [
        "Derivation", "Diagnostics", "Formula", "Markdown", "Models", "Pages", "Recurrence", "Sheets",
        "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DerivationTests",
      dependencies: ["CellKit", "Derivation", "Diagnostics", "Formula", "Recurrence", "Sheets", "TestSupport", "Yams"],
      exclude: ["Cases", "Corpus", "Outside"], swiftSettings: settings),
    .testTarget(
      name: "HostileTests", dependencies: ["TestSupport", "launch", "unroll"], path: "Tests/Hostile",
      exclude: ["Submissions"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "CellKit", "Classroom", "Derivation", "Diagnosis", "Diagnostics", "Faults", "Grading", "Recurrence", "Reports",
        "Sandbox", "Sheets", "SubmissionHost", "TestSupport",
      ],
      exclude: ["junit.xsd"], swiftSettings: settings),
    .testTarget(
      name: "RecoveryTests",
      dependencies: [
        "CellKit", "Diagnosis", "Diagnostics", "Faults", "Recovery", "Recurrence", "Reports", "Sheets", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GradingTests",
      dependencies: [
        "Authoring", "CellKit", "Classroom", "Derivation", "Diagnosis", "Diagnostics", "Faults", "Grading", "Hashing",
        "Models", "Recurrence", "Reports", "Sandbox", "Sheets", "SubmissionHost", "TestSupport", "Wire", "launch",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: settings),
    .testTarget(
      name: "SubmissionTests",
      dependencies: [
        "CellKit", "Diagnosis", "Diagnostics", "Grading", "Recurrence", "Reports", "Sandbox", "Sheets",
        "SubmissionHost", "TestSupport", "Yams", "launch",
      ],
      swiftSettings: settings),
  ]
)
