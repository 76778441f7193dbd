// swift-tools-version: 6.1
// Fuzzers by libFuzzer, in a package of their own: users never build them. `Fuzz/run` builds and runs them, with
// `-sanitize=fuzzer` for every module, so that the reader and the checker are watched and not only their callers.
import PackageDescription

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "unroll", path: "..")],
  targets: [
    .target(name: "FuzzDriver"),
    .target(name: "FuzzCell", dependencies: [.product(name: "UnrollDerivation", package: "unroll")]),
    .executableTarget(
      name: "FuzzFormula", dependencies: ["FuzzDriver", .product(name: "UnrollDerivation", package: "unroll")]),
    .executableTarget(
      name: "FuzzDerivation",
      dependencies: ["FuzzCell", "FuzzDriver", .product(name: "UnrollDerivation", package: "unroll")]),
    .executableTarget(
      name: "FuzzSheet", dependencies: ["FuzzDriver", .product(name: "UnrollDerivation", package: "unroll")]),
    .executableTarget(
      name: "FuzzCase", dependencies: ["FuzzCell", "FuzzDriver", .product(name: "UnrollDerivation", package: "unroll")]),
    .executableTarget(
      name: "FuzzAnswers", dependencies: ["FuzzCell", "FuzzDriver", .product(name: "UnrollGrading", package: "unroll")]),
  ]
)
