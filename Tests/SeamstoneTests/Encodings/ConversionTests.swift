import StorageIO
import StoreModel
import Synchronization
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// Collections that change their encoding while they are used.
@Suite struct ConversionTests {
  private func filled(
    _ encoding: VectorEncoding = .int8(), options: StoreOptions = EncodedStore.options(),
    fileSystem: any FileSystem = PosixFileSystem()
  ) throws -> EncodedStore {
    let bench = try EncodedStore(encoding, options: options, fileSystem: fileSystem)
    try bench.write(0..<2_600)
    try bench.store.runBackgroundWork()
    return bench
  }

  @Test func fromOneToTheNextAndBack() throws {
    let bench = try filled()
    try bench.delete(stride(from: 0, to: 2_600, by: 37))
    let steps: [(IndexConfiguration?, VectorEncoding?, String, String)] = [
      (nil, .pq(centroids: 64), "pq(16x64)", "hnsw"),
      (nil, .pq(subvectors: 8, centroids: 128), "pq(8x128)", "hnsw"),
      (nil, .rabitq(bits: 4), "rabitq(4)", "hnsw"),
      (.hnsw(m: 6, efConstruction: 50), .float32, "float32", "hnsw"),
      (nil, .int4(), "int4", "hnsw"), (nil, .binary(rescoreLimit: 400), "binary", "hnsw"),
      (.flat, .float16, "float16", "flat"),
      (.hnsw(m: 8, efConstruction: 60), .rabitq(bits: 1), "rabitq(1)", "hnsw"),
      (nil, .int8(), "int8", "hnsw"),
    ]
    for (index, encoding, name, kind) in steps {
      let before = try bench.encodings()
      let live = try bench.statistics().vectorCount
      try bench.collection.reconfigure(index: index, encoding: encoding)
      // At once, nothing has changed but the intention.
      #expect(try bench.encodings() == before)
      let waiting = try bench.statistics()
      #expect(waiting.outdated == live && waiting.status == "INDEXING", "\(name)")
      let meanwhile = try bench.recall(5)
      #expect(meanwhile >= 0.7)
      try bench.store.runBackgroundWork()
      let done = try bench.statistics()
      #expect(done.outdated == 0 && done.status == "READY" && done.vectorCount == live)
      #expect(done.lastConversionError == nil)
      #expect(try bench.encodings() == [name])
      #expect(Set(done.segments.map(\.kind)) == [kind])
      let recall = try bench.recall()
      #expect(recall >= (name == "binary" ? 0.7 : 0.94), "\(name): \(recall)")
    }
    let report = try bench.store.verify(deep: true)
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func theGraphIsTakenOver() throws {
    let bench = try filled()
    let before = bench.state?.segments.compactMap { $0.handle?.index.meanBaseDegree }
    try bench.delete(stride(from: 0, to: 2_600, by: 90))
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    try bench.store.runBackgroundWork()
    let after = bench.state?.segments.compactMap { $0.handle?.index.meanBaseDegree }
    #expect(before == after && before?.count == 1)
    // The deleted rows were carried along, and are deleted still.
    #expect(try bench.statistics().deleted == 29)
    #expect(try bench.recall() >= 0.9)
    try bench.collection.compact(full: true)
    #expect(try bench.statistics().deleted == 0)
  }

  @Test func whatSearchesAloneObeyIsImmediate() throws {
    let bench = try filled(.pq(centroids: 16))
    let numbers = try bench.statistics().segments.map(\.id)
    for (index, encoding) in [
      (.hnsw(m: 8, efConstruction: 60, ef: .fixed(33)), nil),
      (nil, .pq(centroids: 16, trainingLimit: 777)),
      (nil, .pq(subvectors: 16, centroids: 16)),
    ] as [(IndexConfiguration?, VectorEncoding?)] {
      try bench.collection.reconfigure(index: index, encoding: encoding)
      #expect(try bench.statistics().outdated == 0)
      #expect(try bench.statistics().status == "READY")
      try bench.store.runBackgroundWork()
      #expect(try bench.statistics().segments.map(\.id) == numbers)
    }
    #expect(
      try bench.collection.configuration().encoding == .pq(subvectors: 16, centroids: 16))
  }

  @Test func whatCannotWorkIsRefused() throws {
    let bench = try EncodedStore(metric: .manhattan)
    try bench.write(0..<500)
    let before = try bench.collection.configuration()
    func refusal(_ encoding: VectorEncoding) -> String {
      do throws(StoreError) {
        try bench.collection.reconfigure(encoding: encoding)
        return "accepted"
      } catch {
        #expect(error.code == .invalidConfiguration)
        return error.description
      }
    }
    #expect(refusal(.pq()).contains("trained on at least 1000 vectors; \"things\" has 500"))
    #expect(refusal(.pq(subvectors: 7)).contains("does not divide the 32 dimensions"))
    #expect(refusal(.rabitq()).contains("does not go with the metric manhattan"))
    #expect(refusal(.binary()).contains("does not go with the metric manhattan"))
    #expect(try bench.collection.configuration() == before)
    #expect(try bench.statistics().outdated == 0)
    // An empty collection is trained when it can be.
    try bench.delete(0..<500)
    #expect(refusal(.pq(centroids: 16)) == "accepted")
    try bench.write(0..<1_300)
    try bench.store.runBackgroundWork()
    #expect(try bench.encodings() == ["pq(16x16)"])
  }

  @Test func dimensionsThatComeLateAreChecked() throws {
    let bench = try EncodedStore()
    let late = try bench.store.collection("late", .init(encoding: .pq(subvectors: 5)))
    let error = #expect(throws: StoreError.self) {
      try late.upsert(VectorObject(id: 1, vector: [1, 2, 3, 4, 5, 6], properties: [:]))
    }
    #expect(error?.code == .invalidConfiguration)
    #expect(error?.message.contains("does not divide the 6 dimensions") == true)
    #expect(try late.configuration().dimensions == nil)
    try late.upsert(VectorObject(id: 1, vector: [Float](repeating: 1, count: 10), properties: [:]))
    #expect(try late.configuration().dimensions == 10)
  }

  /// What is left to do follows from configuration and segments, so it is known after any crash.
  @Test func goesOnAfterReopening() throws {
    var options = EncodedStore.options()
    options.compaction.tierCount = 8
    options.compaction.settleFactor = 1
    let bench = try EncodedStore(.int8(), index: .flat, options: options)
    for start in stride(from: 0, to: 4_800, by: 1_200) {
      try bench.write(start..<start + 1_200)
      try bench.store.runBackgroundWork(isIdle: false)
    }
    #expect(try bench.statistics().segments.count == 4)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    for left in [3, 2] {
      let ran = try bench.store.compactor.runNext(
        .merge, collection: bench.collection.number, isIdle: false)
      #expect(ran)
      try bench.reopen()
      #expect(try bench.statistics().outdated == left * 1_200)
      #expect(try bench.encodings() == ["int8", "pq(16x16)"])
      #expect(try bench.recall() >= 0.9)
    }
    try bench.store.runBackgroundWork(isIdle: false)
    #expect(try bench.statistics().outdated == 0)
    #expect(try bench.encodings() == ["pq(16x16)"])
    #expect(try bench.statistics().segments.count == 4)
  }

  @Test func writesAndSearchesGoOn() throws {
    let bench = try filled(options: EncodedStore.options(manual: false))
    try bench.collection.compact()
    let collection = bench.collection
    let isDone = Atomic<Bool>(false)
    let problem = ConditionLock<String?>(nil)
    let queries = (0..<20).map { _ in bench.vector() }
    let reader = try PosixThread.start(name: "reader", stackSize: 1 << 20) {
      var count = 0
      while !isDone.load(ordering: .acquiring) || count < 20 {
        let hits = try? collection.search(near: queries[count % queries.count], limit: 10)
        if hits?.count != 10 { problem.withLock { $0 = "\(hits?.count ?? -1) results" } }
        count += 1
      }
    }
    var id = 10_000
    for encoding in [.pq(centroids: 64), .rabitq(bits: 8), .int8()] as [VectorEncoding] {
      try bench.collection.reconfigure(encoding: encoding)
      let isConverted = waitUntil {
        do {
          try bench.write(id..<id + 5)
          try bench.delete([id + 1])
          id += 5
          return try bench.statistics().outdated == 0
        } catch { return false }
      }
      #expect(isConverted)
      #expect(try bench.recall(5) >= 0.9)
    }
    isDone.store(true, ordering: .releasing)
    reader.join()
    #expect(problem.withLock { $0 } == nil)
    #expect(try bench.collection.count() == bench.vectors.count)
    try bench.collection.compact(full: true)
    #expect(try bench.encodings() == ["int8"])
    #expect(try bench.recall() >= 0.97)
  }

  @Test func progressSaysThatItConverts() async throws {
    let bench = try filled()
    let stream = bench.collection.indexing
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    try bench.store.runBackgroundWork()
    bench.store.close()
    var seen: [IndexingProgress] = []
    for await progress in stream { seen.append(progress) }
    let converting = seen.filter { $0.phase == .converting }
    #expect(converting.contains { $0.outdatedCount == 2_600 && $0.fraction > 0 })
    #expect(converting.map(\.fraction) == converting.map(\.fraction).sorted())
    #expect(seen.last?.phase == .idle && seen.last?.outdatedCount == 0)
  }

  @Test func aConversionThatFailsSaysWhyAndIsTriedAgain() throws {
    let files = FaultInjectingFileSystem()
    let bench = try filled(options: EncodedStore.options(manual: false), fileSystem: files)
    try bench.collection.compact()
    files.reportFreeSpace(1 << 20)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    #expect(waitUntil { (try? bench.statistics().lastConversionError) != nil })
    let failed = try bench.statistics()
    #expect(failed.outdated == 2_600 && failed.status == "INDEXING")
    #expect(try bench.encodings() == ["int8"])
    #expect(try bench.recall() >= 0.97)
    files.reportFreeSpace(nil)
    #expect(waitUntil { (try? bench.statistics().outdated) == 0 })
    #expect(try bench.statistics().lastConversionError == nil)
    #expect(try bench.encodings() == ["pq(16x16)"])
    #expect(try bench.recall() >= 0.9)
  }
}
