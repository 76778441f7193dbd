// swift-tools-version: 6.1
// Times the checker of derivations, in a package of its own: users never build it.
import PackageDescription

let package = Package(
  name: "DerivationBenchmark",
  dependencies: [.package(name: "unroll", path: "../..")],
  targets: [
    .executableTarget(
      name: "CheckSixtyLines", dependencies: [.product(name: "UnrollDerivation", package: "unroll")])
  ]
)
