// swift-tools-version: 6.2
import PackageDescription

// As the fuzzers do it: `Library` is a link to the library's own sources, so that what is `package` there can be
// measured by itself.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Walks",
  platforms: [.macOS(.v15)],
  targets: [
    .target(name: "CChecksumKernels", path: "Library/CChecksumKernels"),
    .target(name: "CPosixShims", path: "Library/CPosixShims"),
    .target(
      name: "StorageIO", dependencies: ["CChecksumKernels", "CPosixShims"],
      path: "Library/StorageIO", swiftSettings: settings),
    .target(name: "CVectorKernels", path: "Library/CVectorKernels"),
    .target(
      name: "VectorMath", dependencies: ["CVectorKernels", "StorageIO"], path: "Library/VectorMath",
      swiftSettings: settings),
    .target(
      name: "SegmentFiles", dependencies: ["StorageIO"], path: "Library/SegmentFiles",
      swiftSettings: settings),
    .target(
      name: "VectorIndexes",
      dependencies: ["CVectorKernels", "SegmentFiles", "StorageIO", "VectorMath"],
      path: "Library/VectorIndexes", swiftSettings: settings),
    .executableTarget(
      name: "WalkBench",
      dependencies: ["SegmentFiles", "StorageIO", "VectorIndexes", "VectorMath"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
