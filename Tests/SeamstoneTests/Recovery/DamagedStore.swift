import StorageIO
import StoreModel
import TestSupport

@testable import ObjectStorage
@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A closed store of two collections with graphs, a property index and deleted objects, to be damaged.
final class DamagedStore {
  let directory: TemporaryDirectory
  let path: FilePath
  /// Every object, by collection.
  private(set) var objects: [String: [ObjectID: VectorObject]] = [:]
  var random: SeededGenerator
  private(set) var pageSize = 4_096

  var paths: StorePaths { StorePaths(path.string) }

  init(seed: UInt64, count: Int = 240, dimensions: Int = 96) throws {
    directory = try TemporaryDirectory()
    path = FilePath(directory.file("store.seam"))
    random = SeededGenerator(seed: seed)
    let store = try Store.open(at: path, options: StoreFixture.options())
    for (name, metric) in [("left", Metric.l2Squared), ("right", .cosine)] {
      let collection = try store.createCollection(
        name, StoreFixture.configuration(dimensions: dimensions, metric: metric))
      for start in stride(from: 0, to: count, by: 80) {
        let batch = (start..<min(start + 80, count)).map { number in
          VectorObject(
            id: number % 2 == 0 ? .int(Int64(number)) : .string("object-\(number)"),
            vector: number % 11 == 0
              ? nil : VectorMaker.vector(dimensions, metric: metric, using: &random),
            properties: [
              "n": .int(Int64(number % 7)), "text": .string(text(number)),
            ])
        }
        try collection.upsert(batch)
        for object in batch { objects[name, default: [:]][object.id] = object }
        try store.runBackgroundWork(isIdle: false)
      }
      let gone = (0..<count / 20).map { ObjectID.int(Int64($0 * 20)) }
      try collection.delete(ids: gone)
      for id in gone { objects[name]?[id] = nil }
    }
    try store.collection("left").createPropertyIndex("n")
    try store.collection("right").setReadOnly(true)
    pageSize = store.core.environment.pageSize
    store.close()
  }

  /// Text that does not compress, so that objects fill pages; some needs pages of its own.
  private func text(_ number: Int) -> String {
    let length = number % 50 == 1 ? 6_000 : 120
    return String(
      decoding: (0..<length).map { _ in UInt8.random(in: 65...122, using: &random) },
      as: UTF8.self)
  }

  // MARK: - Damage

  func readData() throws -> [UInt8] { try Self.read(paths.data) }

  static func read(_ path: String) throws -> [UInt8] {
    let file = try PosixFileSystem().openFile(path)
    defer { file.close() }
    return try file.readBytes(file.length, at: 0)
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try PosixFileSystem().createFile(path, truncating: true)
    try bytes.withRawBytes { (raw) throws(StoreError) in try file.append(raw) }
    try file.close()
  }

  /// The leaves of one of LMDB's tables.
  func leaves(of table: String) throws -> [UInt64] {
    try Salvage(fileSystem: PosixFileSystem(), path: paths.data).leaves[table]?.reached ?? []
  }

  /// The branch page above these leaves.
  func branch(above leaves: [UInt64]) throws -> UInt64? {
    let bytes = try readData()
    for number in 2..<bytes.count / pageSize {
      let page = RawPage(bytes: Array(bytes[number * pageSize..<(number + 1) * pageSize]))
      // An older version of it may name some of them; the newest names them all.
      guard page.kind == .branch, page.entryCount == leaves.count,
        (0..<page.entryCount).allSatisfy({ entry in
          page.node(entry, isBranch: true).map { leaves.contains($0.child) } ?? false
        })
      else { continue }
      return UInt64(number)
    }
    return nil
  }

  /// Changes one page of the data file.
  func damage(page: UInt64, _ change: (inout ArraySlice<UInt8>) -> Void) throws {
    var bytes = try readData()
    let start = Int(page) * pageSize
    change(&bytes[start..<start + pageSize])
    try Self.write(bytes, to: paths.data)
  }

  // MARK: - Checks

  /// What is left after a repair: every object that is not reported as lost, as it was.
  func check(_ report: RepairReport) throws {
    let store = try Store.open(at: path, options: StoreFixture.options())
    defer { store.close() }
    for (name, expected) in objects {
      let loss = report.losses.first { $0.collection == name }
      let collection = try store.collection(name)
      let lost = Set(loss?.objects ?? [])
      let withoutVector = Set(loss?.vectors ?? [])
      var missing = 0
      for (id, object) in expected {
        var wanted = object
        if withoutVector.contains(id) { wanted.vector = nil }
        let found = try collection.get(id)
        if found == nil {
          missing += 1
          continue
        }
        guard found == wanted else { throw ModelMismatch("\(name): \(id) is not as it was") }
        guard !lost.contains(id) else { throw ModelMismatch("\(name): \(id) is not lost") }
      }
      let told = lost.count + (loss?.unnamedObjects ?? 0)
      guard missing == told else {
        throw ModelMismatch("\(name): \(missing) objects are gone, \(told) reported")
      }
      guard try collection.count() == expected.count - missing else {
        throw ModelMismatch("\(name): objects have come back")
      }
      guard let query = expected.values.first(where: { $0.vector != nil })?.vector else { continue }
      let exact = try collection.search(near: query, limit: 10, exact: true)
      guard try collection.search(near: query, limit: 10, ef: 400).count == exact.count else {
        throw ModelMismatch("\(name): a search is cut short")
      }
    }
  }
}
