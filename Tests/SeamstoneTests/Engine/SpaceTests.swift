import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// Space comes back: of dropped collections, of replaced segments, of closed snapshots.
@Suite struct SpaceTests {
  private func fill(_ bench: StoreBench, _ name: String) throws {
    let collection = try bench.store.collection(
      name, StoreFixture.configuration(dimensions: 64, metric: .dot))
    for start in stride(from: 0, to: 2_000, by: 500) {
      try collection.upsert(
        (start..<(start + 500)).map { id in
          VectorObject(
            id: .int(Int64(id)), vector: (0..<64).map { _ in bench.random.gaussian() },
            properties: [:])
        })
    }
  }

  @Test func theSpaceOfADroppedCollectionIsUsedAgain() throws {
    let bench = try StoreBench(seed: 41)
    var sizes: [Int] = []
    for round in 0..<6 {
      try fill(bench, "round-\(round)")
      try bench.store.compact()
      try bench.store.dropCollection("round-\(round)")
      sizes.append(try PosixFileSystem().length(StorePaths(bench.path.string).data))
      #expect(try bench.files().isEmpty)
    }
    #expect(sizes[5] <= sizes[1] + sizes[0] / 4, "\(sizes)")
    #expect(try bench.store.collectionNames() == ["things"])
    let error = #expect(throws: StoreError.self) { try bench.store.collection("round-1") }
    #expect(error?.code == .notFound)
    try bench.reopen()
    #expect(try bench.store.collectionNames() == ["things"])
  }

  @Test func aSnapshotStillSeesADroppedCollection() throws {
    let bench = try StoreBench(seed: 42)
    try bench.fill()
    let snapshot = try bench.store.snapshot()
    let held = try snapshot.collection("things")
    try bench.store.dropCollection("things")
    let fresh = try bench.store.collection(
      "things", StoreFixture.configuration(dimensions: 8, metric: .cosine))
    try fresh.upsert(bench.object(1))
    let comparison = ModelComparison(held, bench.model)
    let recall = try comparison.checkAll(queries: 4, random: &bench.random, dimensions: 8)
    try recall.require()
    #expect(bench.collectionIsDropped())
    snapshot.close()
    #expect(throws: StoreError.self) { try held.count() }
    #expect(try bench.files().isEmpty)
  }

  @Test func filesOfReplacedSegmentsGoWithTheLastSnapshot() throws {
    let bench = try StoreBench(seed: 43)
    try bench.fill()
    // The segments of the opening are no exception.
    try bench.reopen()
    let before = try bench.files()
    #expect(before.count > 1)
    let snapshot = try bench.store.snapshot()
    let model = bench.model
    try bench.collection.compact(full: true)
    #expect(try bench.files().count == before.count + 1)
    try ModelComparison(try snapshot.collection("things"), model).checkObjects()
    snapshot.close()
    #expect(try bench.files().count == 1)
    try bench.collection.delete(ids: Array(bench.model.entries.keys))
    try bench.store.runBackgroundWork()
    #expect(try bench.files().isEmpty)
    #expect(try bench.collection.search(near: bench.vector()).isEmpty)
  }

  /// A search that outlives its store must not unlink a file of the store that was opened after it.
  @Test func aStoreThatWasClosedRemovesNothingAnyMore() throws {
    let bench = try StoreBench(seed: 44)
    try bench.fill()
    var outliving: StoreState? = bench.store.core.states.current
    try bench.collection.compact(full: true)
    var retired = outliving?.collections.values.flatMap { $0.segments.compactMap(\.handle) } ?? []
    let numbers = retired.map(\.number)
    weak let witness = retired.first
    #expect(witness != nil)
    try bench.reopen()
    let paths = numbers.map { StorePaths(bench.path.string).segment($0) }
    // Files with the old numbers, as if the new store had made them.
    for path in paths {
      let file = try PosixFileSystem().createFile(path, truncating: true)
      try file.close()
    }
    retired = []
    outliving = nil
    // The handles are gone, and took no file with them.
    #expect(witness == nil)
    for path in paths { #expect(try PosixFileSystem().exists(path)) }
  }

  @Test func aSnapshotThatBlocksMapGrowthIsNamedWithItsAge() throws {
    var options = StoreFixture.options()
    options.mapSize = 1 << 20
    options.mapGrowthTimeout = 0.3
    let bench = try StoreBench(dimensions: 64, metric: .dot, seed: 45, options: options)
    try bench.upsert(0..<10)
    let snapshot = try bench.store.snapshot()
    var refused: StoreError?
    for start in stride(from: 10, to: 10_000, by: 200) {
      let objects = (start..<(start + 200)).map { bench.object($0) }
      do throws(StoreError) {
        try bench.collection.upsert(objects)
        bench.model.upsert(objects)
      } catch {
        refused = error
        break
      }
    }
    #expect(refused?.code == .mapFull)
    #expect(
      refused?.message.contains("1 snapshot(s) are open; the oldest has been open for") == true)
    try bench.check(queries: 1)
    #expect(bench.store.openSnapshots.count == 1)
    snapshot.close()
    try bench.upsert(20_000..<20_600)
    try bench.check(queries: 1)
    try bench.reopen(options: options)
    try bench.check(queries: 1)
  }

  @Test func theAgeLimitClosesTheSnapshotThatBlocksGrowth() throws {
    var options = StoreFixture.options()
    options.mapSize = 1 << 20
    options.maximumSnapshotAge = 0
    let bench = try StoreBench(dimensions: 64, metric: .dot, seed: 46, options: options)
    let snapshot = try bench.store.snapshot()
    try bench.upsert(0..<4_000)
    #expect(snapshot.isClosed)
    #expect(bench.store.recentEvents.contains { $0.kind == .snapshotExpired })
    try bench.check(queries: 1)
  }
}

extension StoreBench {
  /// Whether the handle of the dropped collection says so.
  fileprivate func collectionIsDropped() -> Bool {
    do {
      _ = try collection.count()
      return false
    } catch {
      return error.code == .closed
    }
  }
}
