// swift-tools-version: 6.2
import PackageDescription

// Dependencies point downwards only; CI checks it with `.ci/house-rules` and
// `--explicit-target-dependency-import-check error`. CI also sets SEAMSTONE_STRICT: warnings are errors.
let isStrict = Context.environment["SEAMSTONE_STRICT"] != nil
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])
/// Where raw memory is the exception, each use of it is marked `unsafe`. In the targets below, which do
/// little else, the mark would be on every line and say nothing.
let checkedSettings = settings + [.strictMemorySafety()]
let cSettings: [CSetting] =
  isStrict ? [.treatAllWarnings(as: .error), .enableWarning("all")] : []

/// What the trait Vectorizers switches on.
let whenVectorizing = TargetDependencyCondition.when(traits: ["Vectorizers"])
let httpClient: [Target.Dependency] = [
  .product(name: "AsyncHTTPClient", package: "async-http-client", condition: whenVectorizing),
  .product(name: "NIOCore", package: "swift-nio", condition: whenVectorizing),
  .product(name: "NIOHTTP1", package: "swift-nio", condition: whenVectorizing),
]

let package = Package(
  name: "Seamstone",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Seamstone", targets: ["Seamstone"]),
    .library(name: "SeamstoneYAML", targets: ["SeamstoneYAML"]),
    .library(name: "SeamstoneImport", targets: ["SeamstoneImport"]),
    .library(name: "SeamstoneVectorizers", targets: ["SeamstoneVectorizers"]),
    .executable(name: "seamstone", targets: ["SeamstoneTool"]),
  ],
  traits: [
    .trait(
      name: "Vectorizers",
      description:
        "Vectors from OpenAI-compatible services (SeamstoneVectorizers); brings an HTTP client")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // Only with the trait Vectorizers; without it they are not even fetched.
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.24.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    // Only for `swift package generate-documentation`; no target uses it.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"]), .brew(["lmdb"])]),
    .systemLibrary(
      name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    // C kernels, one file for each instruction set.
    .target(name: "CChecksumKernels", cSettings: cSettings),
    .target(name: "CVectorKernels", cSettings: cSettings),

    // System calls that Swift's module of the C library leaves out.
    .target(name: "CPosixShims", cSettings: cSettings),

    // The engine, from the bytes upwards.
    .target(
      name: "StorageIO", dependencies: ["CChecksumKernels", "CPosixShims"], swiftSettings: settings),
    .target(name: "SegmentFiles", dependencies: ["StorageIO"], swiftSettings: settings),
    .target(name: "VectorMath", dependencies: ["CVectorKernels"], swiftSettings: settings),
    .target(
      name: "VectorIndexes", dependencies: ["SegmentFiles", "StorageIO", "VectorMath"],
      swiftSettings: settings),
    .target(
      name: "ObjectStorage", dependencies: ["CLMDB", "CLZ4", "StorageIO"], swiftSettings: settings),
    .target(name: "JSONText", dependencies: ["ObjectStorage"], swiftSettings: checkedSettings),
    .target(
      name: "Seamstone",
      dependencies: [
        "JSONText", "ObjectStorage", "SegmentFiles", "StorageIO", "VectorIndexes", "VectorMath",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: checkedSettings),

    // Configurations in YAML. Apart, because Yams brings Foundation, which the library does without.
    .target(
      name: "SeamstoneYAML",
      dependencies: [
        "ObjectStorage", "Seamstone", "StorageIO", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: checkedSettings),

    // Vectors of texts, from services.
    .target(
      name: "SeamstoneVectorizers",
      dependencies: ["JSONText", "Seamstone", "StorageIO"] + httpClient,
      swiftSettings: checkedSettings),

    // Files of vectors and other tools' indexes. Apart, because of zlib.
    .target(
      name: "VectorFiles", dependencies: ["CZlib", "JSONText", "ObjectStorage", "StorageIO"],
      swiftSettings: settings),
    .target(
      name: "SeamstoneImport", dependencies: ["Seamstone", "StorageIO", "VectorFiles"],
      swiftSettings: checkedSettings),

    // The command line.
    .executableTarget(
      name: "SeamstoneTool",
      dependencies: [
        "JSONText", "ObjectStorage", "Seamstone", "SeamstoneImport", "SeamstoneYAML", "StorageIO",
        "VectorFiles", "VectorMath",
        .target(name: "SeamstoneVectorizers", condition: whenVectorizing),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["DemoData"],
      swiftSettings: checkedSettings),

    // Tests mirror the targets.
    .target(
      name: "TestSupport", dependencies: ["StorageIO"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .target(name: "KernelCheck", dependencies: ["CVectorKernels"], path: "Tests/KernelCheck"),
    .testTarget(
      name: "StorageIOTests", dependencies: ["StorageIO", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "SegmentFilesTests", dependencies: ["SegmentFiles", "StorageIO", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "VectorMathTests",
      dependencies: ["CVectorKernels", "KernelCheck", "VectorMath", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "VectorIndexesTests",
      dependencies: ["VectorIndexes", "SegmentFiles", "StorageIO", "VectorMath", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ObjectStorageTests", dependencies: ["ObjectStorage", "StorageIO", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "JSONTextTests", dependencies: ["JSONText", "ObjectStorage", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "VectorFilesTests",
      dependencies: ["CZlib", "JSONText", "ObjectStorage", "VectorFiles", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "SeamstoneTests",
      dependencies: [
        "Seamstone", "JSONText", "ObjectStorage", "SegmentFiles", "StorageIO", "VectorFiles",
        "VectorIndexes", "VectorMath", "TestSupport", "StoreModel", "CrashHarness",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: settings),

    // What the engine is compared with, and a process that may be killed while it writes.
    .target(
      name: "StoreModel", dependencies: ["Seamstone", "StorageIO", "TestSupport", "VectorMath"],
      path: "Tests/StoreModel", swiftSettings: settings),
    // The calls that change files, recorded or made to fail; and what a crash leaves of them.
    .target(name: "CFileCalls", path: "Tests/CFileCalls", cSettings: cSettings),
    .target(
      name: "CrashImages",
      dependencies: ["CFileCalls", "Seamstone", "StorageIO", "StoreModel", "TestSupport"],
      path: "Tests/CrashImages", swiftSettings: settings),
    .executableTarget(
      name: "CrashHarness",
      dependencies: [
        "CFileCalls", "CrashImages", "Seamstone", "StorageIO", "StoreModel", "TestSupport",
      ],
      path: "Tests/CrashHarness", swiftSettings: settings),
    .testTarget(
      name: "CrashTests",
      dependencies: [
        "CFileCalls", "CrashHarness", "CrashImages", "Seamstone", "SegmentFiles", "StorageIO",
        "StoreModel", "TestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "CrashImagesTests",
      dependencies: [
        "CFileCalls", "CrashImages", "Seamstone", "StorageIO", "StoreModel", "TestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "SeamstoneYAMLTests",
      dependencies: ["ObjectStorage", "Seamstone", "SeamstoneYAML", "StorageIO", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SeamstoneImportTests",
      dependencies: ["Seamstone", "SeamstoneImport", "StorageIO", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SeamstoneVectorizersTests",
      dependencies: [
        "JSONText", "Seamstone", "SeamstoneVectorizers", "StorageIO", "TestSupport",
        .product(name: "NIOPosix", package: "swift-nio", condition: whenVectorizing),
      ] + httpClient, swiftSettings: settings),
    .testTarget(
      name: "SeamstoneToolTests",
      dependencies: [
        "JSONText", "ObjectStorage", "Seamstone", "SeamstoneTool", "VectorFiles", "TestSupport",
      ], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

/// Test targets to build, divided by commas, where a build folder of its own needs only some: CI's for the trait.
if let names = Context.environment["SEAMSTONE_TEST_TARGETS"] {
  let kept = names.split(separator: ",")
  package.targets.removeAll { $0.type == .test && !kept.contains($0.name[...]) }
}
