import SegmentFiles
import StorageIO
import TestSupport
import Testing

@testable import ObjectStorage
@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The ids that segments keep are those of LMDB, whatever they are made of.
@Suite struct ObjectIDColumnTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }
  private var path: FilePath { FilePath(directory.path + "/store.seam") }

  enum IDs: String, CaseIterable, CustomTestStringConvertible {
    case numbers, uuids, texts, mixed, longTexts
    var testDescription: String { rawValue }

    func id(_ number: Int) -> ObjectID {
      switch self {
      case .numbers: .int(Int64(number) &- 200)
      case .uuids: .uuid(high: UInt64(number), low: UInt64.max)
      case .texts: .string("word-\(number)")
      case .mixed:
        [ObjectID.int(Int64(number)), .uuid(high: 1, low: UInt64(number)), .string("é\(number)")][
          number % 3]
      case .longTexts: .string(String(repeating: "x", count: 70) + "\(number)")
      }
    }
  }

  private func fill(ids: IDs) throws -> (Store, Collection) {
    var options = StoreOptions()
    options.backgroundWork = .manual
    options.compaction.sealRows = 150
    options.compaction.graphRows = 300
    let store = try Store.open(at: path, options: options)
    let collection = try store.collection("things", .init(dimensions: 8, metric: .l2Squared))
    var random = SeededGenerator(seed: 31)
    func object(_ number: Int) -> VectorObject {
      VectorObject(id: ids.id(number), vector: (0..<8).map { _ in random.gaussian() })
    }
    for start in stride(from: 0, to: 600, by: 150) {
      try collection.upsert((start..<(start + 150)).map(object))
      try store.runBackgroundWork(isIdle: false)
    }
    try collection.upsert([3, 77, 400].map(object))
    try collection.delete(ids: [ids.id(10), ids.id(599)])
    return (store, collection)
  }

  /// Compares each live row of each segment; returns how many there were.
  private func check(_ store: Store, _ isKept: Bool) throws -> Int {
    let core = store.core
    let state = try #require(core.states.current.collections.values.first)
    return try core.withReadTransaction { (transaction) throws(StoreError) in
      var rows = 0
      try state.tables.objects.forEach(in: transaction) { (docID, object) throws(StoreError) in
        guard let place = state.segmentIndex(covering: docID),
          let handle = state.segments[place].handle
        else { return true }
        rows += 1
        let found = handle.objectID(of: docID)
        if found != (isKept ? object.id : nil) {
          throw StoreError(
            .internalError, "\(docID): \(String(describing: found)), not \(object.id)")
        }
        return true
      }
      return rows
    }
  }

  @Test(arguments: IDs.allCases) func segmentsNameTheObjectsOfTheirRows(_ ids: IDs) throws {
    let (store, collection) = try fill(ids: ids)
    defer { store.close() }
    #expect(try check(store, ids != .longTexts) >= 400)
    try collection.compact(full: true)
    #expect(try check(store, ids != .longTexts) == 598)
    let vector = try #require(try collection.get(ids.id(77))?.vector)
    #expect(try collection.searchIDs(near: vector, limit: 1).map(\.id) == [ids.id(77)])
    #expect(try store.verify(deep: true).findings.isEmpty)
  }

  @Test func wrongIDsAreFoundByADeepVerificationAndHarmExactAnswersNever() throws {
    let (store, collection) = try fill(ids: .numbers)
    try collection.compact(full: true)
    let query = try #require(try collection.get(.int(-123))?.vector)
    let number = try #require(store.core.states.current.collections.values.first?.segments.first)
      .entry.number
    store.close()
    let file = StorePaths(path.string).segment(number)
    let reader = try SegmentReader.open(
      fileSystem: PosixFileSystem(), directory: StorePaths(path.string).segments, number: number)
    let section = try #require(reader.sections.first { $0.kind == .objectIDs })
    try overwrite(file, at: section.offset + 64 + 7, with: [UInt8](repeating: 1, count: 8 * 400))
    var options = StoreOptions()
    options.backgroundWork = .manual
    let damaged = try Store.open(at: path, options: options)
    defer { damaged.close() }
    let things = try damaged.collection("things")
    #expect(try things.searchIDs(near: query, limit: 1, exact: true).map(\.id) == [.int(-123)])
    #expect(try things.search(near: query, limit: 1).map(\.id) == [.int(-123)])
    let report = try damaged.verify(deep: true)
    #expect(report.findings.contains { $0.message.contains("another id") })
  }

  @Test(arguments: [
    [], [9], [1], [2, 0, 0, 0], [3, 0, 0, 0], [3, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 200),
  ]) func sectionsOfOtherSizesCountAsMissingOrSayNothing(_ bytes: [UInt8]) throws {
    let files = PosixFileSystem()
    let header = SegmentHeader(
      kind: 1, encoding: 1, metric: 3, dimensions: 1, count: 20, firstDocID: 1, lastDocID: 20,
      identifier: SegmentIdentifier(low: 1, high: 2), seed: 0, generation: 0)
    let writer = try SegmentWriter(
      fileSystem: files, directory: directory.path, number: 1, header: header)
    try writer.beginSection(.objectIDs)
    try writer.append(bytes)
    try writer.endSection()
    _ = try writer.finish()
    let reader = try SegmentReader.open(fileSystem: files, directory: directory.path, number: 1)
    let column = ObjectIDColumn(reader)
    for rank in -1...21 { #expect(column?.id(ofRank: rank) == nil) }
  }

  private func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
    let file = try #require(fopen(path, "r+b"))
    defer { fclose(file) }
    fseek(file, offset, SEEK_SET)
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
