import StorageIO
import StoreModel
import Synchronization
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What else may happen to a collection while it is converted.
@Suite(.timeLimit(.minutes(5))) struct ConversionRaceTests {
  private func filled(manual: Bool = false, seed: UInt64) throws -> EncodedStore {
    let bench = try EncodedStore(
      .int8(), seed: seed, options: EncodedStore.options(manual: manual))
    try bench.write(0..<2_600)
    try bench.collection.compact(full: true)
    return bench
  }

  /// Runs `change` while the background thread is in the middle of a conversion.
  private func whileConverting(
    _ bench: EncodedStore, to encoding: VectorEncoding, _ change: () throws -> Void
  ) async throws {
    let stream = bench.collection.indexing
    try bench.collection.reconfigure(encoding: encoding)
    for await progress in stream where progress.phase == .converting {
      try change()
      return
    }
    // It was over before anybody saw it.
    try change()
  }

  private func expectDone(_ bench: EncodedStore, _ name: String) throws {
    #expect(waitUntil { (try? bench.statistics().outdated) == 0 })
    #expect(waitUntil { (try? bench.encodings()) == [name] })
    #expect(waitUntil { (try? bench.statistics().status) == "READY" })
    #expect(bench.state?.conversion == Conversion())
    #expect(try bench.recall() >= 0.85)
    #expect(!bench.store.recentEvents.contains { $0.kind == .jobFailed })
    #expect(try bench.statistics().failure == nil)
  }

  private func files(_ bench: EncodedStore) throws -> [String] {
    try PosixFileSystem().list(bench.directory.path + "/store.seam/segments")
  }

  @Test func severalChangesInARowEndWithTheLast() throws {
    let bench = try filled(manual: true, seed: 21)
    for encoding in [.pq(centroids: 16), .rabitq(bits: 4), .float32] as [VectorEncoding] {
      try bench.collection.reconfigure(encoding: encoding)
    }
    try bench.collection.reconfigure(index: .hnsw(m: 6))
    #expect(bench.state?.conversion.origin?.configuration.encoding == .int8())
    let stream = bench.state?.segments.count
    try bench.store.runBackgroundWork()
    // Nothing was built for those in between.
    #expect(bench.state?.segments.count == stream)
    #expect(bench.store.recentEvents.filter { $0.kind == .segmentPublished }.count == 3)
    try expectDone(bench, "float32")
  }

  @Test func aChangeInTheMiddleIsObeyed() async throws {
    let bench = try filled(seed: 22)
    try await whileConverting(bench, to: .pq(centroids: 128)) {
      try bench.collection.reconfigure(encoding: .rabitq(bits: 4))
    }
    try expectDone(bench, "rabitq(4)")
    try await whileConverting(bench, to: .float32) {
      try bench.collection.reconfigure(index: .hnsw(m: 6, efConstruction: 50))
    }
    try expectDone(bench, "float32")
  }

  @Test func theWayBackInTheMiddleIsObeyed() async throws {
    let bench = try filled(seed: 23)
    let before = try bench.statistics().segments.map(\.id)
    try await whileConverting(bench, to: .pq(centroids: 128)) {
      try bench.collection.reconfigure(encoding: .int8())
    }
    try expectDone(bench, "int8")
    // Unless it was done already, the old segment has stayed.
    let after = try bench.statistics().segments.map(\.id)
    #expect(after == before || bench.store.recentEvents.count > 2)
  }

  @Test func aDropInTheMiddleLeavesNothing() async throws {
    let bench = try filled(seed: 24)
    try await whileConverting(bench, to: .pq(centroids: 128)) {
      try bench.store.dropCollection("things")
    }
    #expect(waitUntil { (try? files(bench).isEmpty) == true })
    try expectThatANewOneWorks(bench.store)
    #expect(!bench.store.recentEvents.contains { $0.kind == .jobFailed })
  }

  private func expectThatANewOneWorks(_ store: Store) throws {
    let fresh = try store.collection("things", .init(dimensions: 2))
    try fresh.upsert(VectorObject(id: 1, vector: [1, 2]))
    #expect(try fresh.search(near: [1, 2]).count == 1)
  }

  @Test func closingInTheMiddleIsQuickAndReopeningGoesOn() async throws {
    let bench = try filled(seed: 25)
    for encoding in [.pq(centroids: 128), .float32] as [VectorEncoding] {
      try await whileConverting(bench, to: encoding) { try bench.reopen() }
      let origin = bench.state?.conversion.origin?.configuration.encoding
      #expect(origin != encoding)
      try expectDone(bench, encoding == .float32 ? "float32" : "pq(16x128)")
      #expect(try files(bench).count == bench.state?.segments.count)
    }
  }

  @Test func aSnapshotSeesTheOldSegmentsUntilItIsClosed() throws {
    let bench = try filled(manual: true, seed: 26)
    let snapshot = try bench.store.snapshot()
    let held = try snapshot.collection("things")
    let queries = (0..<10).map { _ in bench.vector() }
    func answers() throws -> [[ModelCollection.Hit]] {
      try queries.map {
        try held.find(near: .floats($0), limit: 10, ef: nil, where: nil, exact: false)
      }
    }
    let before = try answers()
    let old = try files(bench)
    for encoding in [.pq(centroids: 16), .float32, .rabitq()] as [VectorEncoding] {
      try bench.collection.reconfigure(encoding: encoding)
      try bench.delete([Int.random(in: 0..<2_600, using: &bench.random)])
      try bench.store.runBackgroundWork()
      #expect(try answers() == before)
      #expect(try Set(files(bench)).isSuperset(of: old))
    }
    snapshot.close()
    #expect(try files(bench).count == bench.state?.segments.count)
    #expect(try Set(files(bench)).isDisjoint(with: old))
  }

  /// How a store is opened plays no part in what its segments are to be.
  @Test func otherOptionsAfterReopeningChangeNothing() throws {
    let bench = try filled(manual: true, seed: 27)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    let waiting = try bench.statistics()
    var options = StoreOptions()
    options.readOnly = true
    try bench.reopen(options: options)
    #expect(try bench.statistics().outdated == waiting.outdated)
    #expect(try bench.recall() >= 0.97)
    #expect(throws: StoreError.self) { try bench.collection.reconfigure(encoding: .int8()) }
    #expect(throws: StoreError.self) { try bench.store.runBackgroundWork() }
    // Limits under which no segment would have got a graph: what is there is converted as it is.
    options = EncodedStore.options()
    options.compaction.graphRows = 100_000
    options.compaction.sealRows = 7
    options.compaction.conversionAttempts = 1
    options.verification = .full
    options.residentBytes = 0
    options.threads = 1
    try bench.reopen(options: options)
    try bench.store.runBackgroundWork()
    try expectDone(bench, "pq(16x16)")
    try bench.reopen(options: EncodedStore.options())
    try bench.store.runBackgroundWork()
    try expectDone(bench, "pq(16x16)")
  }

  /// Changes at random, from several threads, beside writes and `compact()`.
  @Test func manyChangesAtOnceComeToRest() throws {
    let bench = try filled(seed: 28)
    let collection = bench.collection
    let targets: [(IndexConfiguration, VectorEncoding)] = [
      (.hnsw(m: 8, efConstruction: 60), .int8()), (.flat, .pq(centroids: 16)),
      (.hnsw(m: 8, efConstruction: 60), .pq(centroids: 64)), (.hnsw(m: 6), .float32),
      (.flat, .float16), (.hnsw(m: 8, efConstruction: 60), .rabitq(bits: 1)),
    ]
    let failures = Mutex<[String]>([])
    let threads = try (0..<3 as Range<UInt64>).map { number in
      try PosixThread.start(name: "changer-\(number)", stackSize: 1 << 20) {
        var random = SeededGenerator(seed: 280 + number)
        do {
          for _ in 0..<8 {
            if number == 2 {
              try collection.compact(full: Bool.random(using: &random))
            } else {
              let (index, encoding) = targets[Int.random(in: 0..<targets.count, using: &random)]
              try collection.reconfigure(index: index, encoding: encoding)
            }
            usleep(UInt32.random(in: 0..<60_000, using: &random))
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for round in 0..<20 { try bench.write(3_000 + round * 10..<3_010 + round * 10) }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    try bench.collection.reconfigure(
      index: .hnsw(m: 8, efConstruction: 60), encoding: .pq(centroids: 16))
    try bench.collection.compact(full: true)
    try expectDone(bench, "pq(16x16)")
    #expect(try bench.collection.count() == 2_800)
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }
}
