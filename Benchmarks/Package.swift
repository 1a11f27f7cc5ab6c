// swift-tools-version: 6.2
import PackageDescription

// Nested, so that users of the library never resolve or build it.
let package = Package(
  name: "SeamstoneBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Seamstone", path: "..")],
  targets: [
    .executableTarget(
      name: "StoreBench", dependencies: [.product(name: "Seamstone", package: "Seamstone")]),
    .executableTarget(
      name: "FilterBench", dependencies: [.product(name: "Seamstone", package: "Seamstone")]),
  ],
  swiftLanguageModes: [.v6]
)
