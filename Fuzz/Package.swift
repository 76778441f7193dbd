// swift-tools-version: 6.1
// Fuzzers by libFuzzer, in a package of their own: users never build them. `Fuzz/run` builds and runs them, with
// `-sanitize=fuzzer` for every module, so that the reader and the checker are watched and not only their callers.
import PackageDescription

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "unroll", path: "..")],
  targets: [
    .target(name: "FuzzDriver"),
    .executableTarget(
      name: "FuzzFormula", dependencies: ["FuzzDriver", .product(name: "UnrollDerivation", package: "unroll")]),
    .executableTarget(
      name: "FuzzDerivation", dependencies: ["FuzzDriver", .product(name: "UnrollDerivation", package: "unroll")]),
  ]
)
