// swift-tools-version: 6.2
import PackageDescription

// `Library` is a link to the library's own sources: as targets of this package they share its
// name, so that the fuzzers see what is `package` there, and they get the sanitizers that .ci/fuzz
// gives on the command line.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Fuzz",
  platforms: [.macOS(.v15)],
  targets: [
    .target(name: "CChecksumKernels", path: "Library/CChecksumKernels"),
    .target(name: "CPosixShims", path: "Library/CPosixShims"),
    .target(
      name: "StorageIO", dependencies: ["CChecksumKernels", "CPosixShims"],
      path: "Library/StorageIO", swiftSettings: settings),
    .target(
      name: "SegmentFiles", dependencies: ["StorageIO"], path: "Library/SegmentFiles",
      swiftSettings: settings),

    .target(name: "CFuzzerABI"),
    .executableTarget(
      name: "FuzzSegment", dependencies: ["CFuzzerABI", "SegmentFiles", "StorageIO"],
      swiftSettings: settings),
    .executableTarget(
      name: "MakeCorpus", dependencies: ["SegmentFiles", "StorageIO"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
