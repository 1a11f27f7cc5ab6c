import ObjectStorage
import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where the data file is gone, or nothing can be read of it, a repair saves what segments have, keeps all the rest,
/// and says what is lost.
@Suite struct LostDataRepairTests {
  /// What may happen to a data file.
  enum Loss: CaseIterable {
    case missing, empty, shorterThanAMetaPage, shorterThanBoth, garbage

    func strike(_ path: String) throws {
      let bytes = try DamagedStore.read(path)
      switch self {
      case .missing: unlink(path)
      case .empty: try DamagedStore.write([], to: path)
      case .shorterThanAMetaPage: try DamagedStore.write(Array(bytes.prefix(100)), to: path)
      case .shorterThanBoth: try DamagedStore.write(Array(bytes.prefix(5_000)), to: path)
      case .garbage: try DamagedStore.write([UInt8](repeating: 7, count: 20_000), to: path)
      }
    }
  }

  private static let count = 90
  private let directory: TemporaryDirectory
  private let path: FilePath
  private var paths: StorePaths { StorePaths(path.string) }
  /// By collection.
  private var objects: [String: [VectorObject]] = [:]

  init() throws {
    directory = try TemporaryDirectory()
    path = FilePath(directory.file("store.seam"))
    var random = SeededGenerator(seed: 71)
    let store = try Store.open(at: path, options: StoreFixture.options())
    defer { store.close() }
    for (name, metric, isFloat32) in [
      ("floats", Metric.l2Squared, true), ("units", .cosine, true), ("codes", .cosine, false),
    ] {
      let collection = try store.createCollection(
        name, StoreFixture.configuration(dimensions: 8, metric: metric, isFloat32: isFloat32))
      let batch = (0..<Self.count).map { number in
        VectorObject(
          id: number % 2 == 0 ? .int(Int64(number)) : .string("\(name)-\(number)"),
          vector: (0..<8).map { _ in random.gaussian() },
          properties: ["n": .int(Int64(number))])
      }
      try collection.upsert(batch)
      objects[name] = batch
      try collection.compact(full: true)
    }
  }

  private func files(_ directory: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try PosixFileSystem().list(directory) {
      files[name] = try DamagedStore.read(directory + "/" + name)
    }
    return files
  }

  @Test(arguments: Loss.allCases) func whatSegmentsKeepIsSaved(_ loss: Loss) throws {
    let segments = try files(paths.segments)
    #expect(segments.count == 3)
    try loss.strike(paths.data)
    let left = loss == .missing ? nil : try DamagedStore.read(paths.data)

    let report = try Store.repair(at: path)
    #expect(report.isSound && report.isDataFileLost, "\(report)")
    #expect(report.salvagedObjects == 2 * Self.count)
    #expect(report.losses.map(\.doubtfulObjects) == [Self.count, Self.count])
    let lost = try #require(report.lostSegments.first)
    #expect(report.lostSegments.count == 1 && lost.vectors == Self.count)
    #expect(lost.reason.contains("int8"), "\(lost)")

    // All that was there lies aside, to the last byte.
    let aside = StorePaths(try #require(report.movedAside).string)
    #expect(try files(aside.segments) == segments)
    if let left {
      #expect(try DamagedStore.read(aside.data) == left)
    } else {
      #expect(try !PosixFileSystem().exists(aside.data))
    }

    let store = try Store.open(at: path, options: StoreFixture.options())
    defer { store.close() }
    let names = try store.collectionNames()
    #expect(names == report.losses.map(\.collection).sorted() && names.count == 2)
    for loss in report.losses {
      let collection = try store.collection(loss.collection)
      let isExact = try collection.configuration().metric == .l2Squared
      #expect(loss.areLengthsLost == !isExact && loss.arePropertiesLost)
      try check(collection, objects[isExact ? "floats" : "units"] ?? [], isExact: isExact)
    }
  }

  private func check(
    _ collection: Collection, _ expected: [VectorObject], isExact: Bool
  ) throws {
    #expect(try collection.count() == expected.count)
    for object in expected {
      let found = try #require(try collection.get(object.id))
      #expect(found.properties.isEmpty)
      let (wanted, vector) = (try #require(object.vector), try #require(found.vector))
      if isExact {
        #expect(vector == wanted)
      } else {
        let length = wanted.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(zip(vector, wanted).allSatisfy { abs($0 - $1 / length) < 1e-5 })
      }
      let hit = try collection.search(near: wanted, limit: 1, exact: true).first
      #expect(hit?.id == object.id)
    }
  }

  /// A segment does not know what was deleted since it was made; the report says that it does not.
  @Test func deletedObjectsComeBackAsDoubtful() throws {
    let store = try Store.open(at: path, options: StoreFixture.options())
    try store.collection("floats").delete(ids: [.int(0)])
    store.close()
    unlink(paths.data)
    let report = try Store.repair(at: path)
    #expect(report.losses.map(\.doubtfulObjects) == [Self.count, Self.count])
  }

  @Test func aDamagedSegmentIsKeptAndNotUsed() throws {
    for (name, var bytes) in try files(paths.segments) {
      bytes[bytes.count / 2] ^= 1
      try DamagedStore.write(bytes, to: paths.segments + "/" + name)
    }
    unlink(paths.data)
    let segments = try files(paths.segments)
    let report = try Store.repair(at: path)
    #expect(report.isSound && report.losses.isEmpty && report.salvagedObjects == 0)
    #expect(report.lostSegments.count == 3)
    #expect(report.lostSegments.allSatisfy { $0.vectors == nil && !$0.reason.isEmpty })
    #expect(try files(StorePaths(try #require(report.movedAside).string).segments) == segments)
    let store = try Store.open(at: path, options: StoreFixture.options())
    defer { store.close() }
    #expect(try store.collectionNames() == [])
  }

  /// What was moved aside can be put back.
  @Test func aFileThatTurnsUpCanBePutBack() throws {
    let data = try DamagedStore.read(paths.data)
    unlink(paths.data)
    let aside = StorePaths(try #require(try Store.repair(at: path).movedAside).string)
    try DamagedStore.write(data, to: paths.data)
    unlink(paths.lock)
    for (name, bytes) in try files(aside.segments) {
      try DamagedStore.write(bytes, to: paths.segments + "/" + name)
    }
    #expect(try Store.verify(at: path, deep: true).findings == [])
    let store = try Store.open(at: path, options: StoreFixture.options())
    defer { store.close() }
    #expect(try store.collection("codes").count() == Self.count)
  }

  @Test func aFolderThatWasNoStoreIsLeftAlone() throws {
    let folder = directory.file("folder")
    try PosixFileSystem().makeDirectory(folder)
    #expect(throws: StoreError.self) { try Store.repair(at: FilePath(folder)) }
    #expect(try PosixFileSystem().list(folder) == [])
  }

  /// A repair that dies at any step leaves what the next one needs.
  @Test func anInterruptedRepairCanBeRunAgain() throws {
    unlink(paths.data)
    let wanted = try files(paths.segments)
    let calls = FaultInjectingFileSystem()
    let copy = directory.file("copy.seam")
    try copyStore(to: copy)
    _ = try StoreRepair(path: copy, fileSystem: calls).run()
    let steps = calls.calls.indices.filter { index in
      ["rename", "link", "remove", "syncDirectory", "makeDirectory"].contains {
        calls.calls[index].hasPrefix($0 + " ")
      }
    }
    #expect(steps.count > 10)
    for index in steps.enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
      let copy = directory.file("copy-\(index).seam")
      try copyStore(to: copy)
      let broken = FaultInjectingFileSystem(failAt: index, failsForEver: true)
      _ = try? StoreRepair(path: copy, fileSystem: broken).run()
      _ = try Store.repair(at: FilePath(copy))
      #expect(try Store.verify(at: FilePath(copy), deep: true).findings == [], "call \(index)")
      // Whatever happened, the old segments lie in one of the folders.
      var kept: [String: [UInt8]] = [:]
      for name in try PosixFileSystem().list(copy) where name.hasPrefix("damaged-") {
        kept.merge(try files(copy + "/" + name + "/segments")) { first, _ in first }
      }
      #expect(wanted.allSatisfy { kept[$0.key] == $0.value }, "call \(index)")
    }
  }

  private func copyStore(to copy: String) throws {
    try PosixFileSystem().makeDirectory(copy)
    try PosixFileSystem().makeDirectory(StorePaths(copy).segments)
    for (name, bytes) in try files(paths.segments) {
      try DamagedStore.write(bytes, to: StorePaths(copy).segments + "/" + name)
    }
  }
}
