// swift-tools-version: 6.2
import PackageDescription

// `Library` is a link to the library's own sources, `TestLibrary` to the tests': as targets of this package they share its
// name, so that the fuzzers see what is `package` there, and they get the sanitizers that .ci/fuzz
// gives on the command line.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CChecksumKernels", path: "Library/CChecksumKernels"),
    .target(name: "CPosixShims", path: "Library/CPosixShims"),
    .target(
      name: "StorageIO", dependencies: ["CChecksumKernels", "CPosixShims"],
      path: "Library/StorageIO", swiftSettings: settings),
    .systemLibrary(name: "CLMDB", path: "Library/CLMDB", pkgConfig: "lmdb"),
    .systemLibrary(name: "CLZ4", path: "Library/CLZ4", pkgConfig: "liblz4"),
    .target(name: "CVectorKernels", path: "Library/CVectorKernels"),
    .target(
      name: "VectorMath", dependencies: ["CVectorKernels"], path: "Library/VectorMath",
      swiftSettings: settings),
    .target(
      name: "VectorIndexes", dependencies: ["SegmentFiles", "StorageIO", "VectorMath"],
      path: "Library/VectorIndexes", swiftSettings: settings),
    .target(
      name: "ObjectStorage", dependencies: ["CLMDB", "CLZ4", "StorageIO"],
      path: "Library/ObjectStorage", swiftSettings: settings),
    .target(
      name: "JSONText", dependencies: ["ObjectStorage"], path: "Library/JSONText",
      swiftSettings: settings),
    .target(
      name: "Seamstone",
      dependencies: [
        "JSONText", "ObjectStorage", "SegmentFiles", "StorageIO", "VectorIndexes", "VectorMath",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], path: "Library/Seamstone", swiftSettings: settings),
    .target(
      name: "SegmentFiles", dependencies: ["StorageIO"], path: "Library/SegmentFiles",
      swiftSettings: settings),

    .target(name: "CFuzzerABI"),
    .executableTarget(
      name: "FuzzSegment", dependencies: ["CFuzzerABI", "SegmentFiles", "StorageIO"],
      swiftSettings: settings),
    .executableTarget(
      name: "FuzzWeaviate", dependencies: ["CFuzzerABI", "Seamstone"], swiftSettings: settings),
    .target(
      name: "FuzzSamples", dependencies: ["VectorIndexes", "VectorMath"], swiftSettings: settings),
    .executableTarget(
      name: "FuzzEncoding", dependencies: ["CFuzzerABI", "FuzzSamples", "VectorMath"],
      swiftSettings: settings),
    .executableTarget(
      name: "FuzzIndex",
      dependencies: [
        "CFuzzerABI", "FuzzSamples", "SegmentFiles", "StorageIO", "VectorIndexes", "VectorMath",
      ], swiftSettings: settings),
    .target(
      name: "SeamstoneYAML",
      dependencies: [
        "ObjectStorage", "Seamstone", "StorageIO", .product(name: "Yams", package: "Yams"),
      ],
      path: "Library/SeamstoneYAML", swiftSettings: settings),
    .executableTarget(
      name: "FuzzTxtai", dependencies: ["CFuzzerABI", "Seamstone", "SeamstoneYAML", "StorageIO"],
      swiftSettings: settings),
    .systemLibrary(name: "CZlib", path: "Library/CZlib", pkgConfig: "zlib"),
    .target(
      name: "VectorFiles", dependencies: ["CZlib", "JSONText", "ObjectStorage", "StorageIO"],
      path: "Library/VectorFiles", swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["StorageIO"], path: "TestLibrary/TestSupport",
      swiftSettings: settings),
    .target(
      name: "StoreModel", dependencies: ["Seamstone", "StorageIO", "TestSupport", "VectorMath"],
      path: "TestLibrary/StoreModel", swiftSettings: settings),
    .executableTarget(
      name: "FuzzStore",
      dependencies: [
        "CFuzzerABI", "FuzzSamples", "ObjectStorage", "Seamstone", "StorageIO", "StoreModel",
        "TestSupport",
        "VectorFiles", "VectorIndexes", "VectorMath",
      ], swiftSettings: settings),
    .executableTarget(
      name: "MakeCorpus",
      dependencies: [
        "FuzzSamples", "ObjectStorage", "Seamstone", "SegmentFiles", "StorageIO", "StoreModel",
        "TestSupport", "VectorFiles", "VectorIndexes", "VectorMath",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
