// swift-tools-version: 6.1
// The recurrence against PyTorch: a package of its own, so that nobody builds it who does not want to.
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "flow-benchmark",
  targets: [
    .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CElementwise", linkerSettings: [.linkedLibrary("mvec", .when(platforms: [.linux]))]),
    .target(name: "CellKit", swiftSettings: settings),
    .target(name: "Diagnostics", swiftSettings: settings),
    .target(name: "Formula", dependencies: ["Diagnostics"], swiftSettings: settings),
    .target(name: "LinearAlgebra", dependencies: ["CBLAS", "CellKit"], swiftSettings: settings),
    .target(
      name: "Recurrence", dependencies: ["CElementwise", "CellKit", "Diagnostics", "Formula", "LinearAlgebra"],
      swiftSettings: settings),
    .executableTarget(
      name: "flow-benchmark", dependencies: ["CBLAS", "CellKit", "Diagnostics", "Formula", "Recurrence"],
      swiftSettings: settings),
  ]
)
