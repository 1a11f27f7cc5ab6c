import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import ObjectStorage
@testable import Seamstone

/// Conversions that cannot be finished: they end, say why, and leave the collection as it was.
@Suite struct ConversionFailureTests {
  private func filled(
    _ options: StoreOptions = EncodedStore.options(),
    fileSystem: any FileSystem = PosixFileSystem()
  ) throws -> EncodedStore {
    let bench = try EncodedStore(.int8(), options: options, fileSystem: fileSystem)
    try bench.write(0..<2_600)
    try bench.store.runBackgroundWork()
    return bench
  }

  /// Damages the original of an object behind the store's back; answers how to mend it.
  private func damageOriginal(_ bench: EncodedStore, docID: UInt64) throws {
    let table = try #require(bench.state?.vectors?.table)
    let transaction = try bench.store.core.environment.beginWrite()
    let key = withUnsafeBytes(of: docID << 8) { Array($0) }
    try BytesTable(table: table).put(key, [1, 2, 3], in: transaction)
    try transaction.commit()
    try bench.reopen()
  }

  private func run(_ bench: EncodedStore) -> StoreError.Code? {
    do throws(StoreError) {
      try bench.store.runBackgroundWork()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func whatCannotBeReadIsNotTriedAgain() async throws {
    let bench = try filled()
    try damageOriginal(bench, docID: 77)
    let before = try bench.collection.configuration()
    let segments = try bench.statistics().segments.map(\.id)
    try bench.collection.reconfigure(index: .hnsw(m: 6, ef: .fixed(77)), encoding: .float32)
    let stream = bench.collection.indexing
    #expect(run(bench) == .corruption)
    let after = try bench.statistics()
    #expect(after.outdated == 0 && after.status == "READY")
    #expect(after.segments.map(\.id) == segments)
    #expect(
      after.lastConversionError?.hasPrefix("The conversion to hnsw, float32 was given up") == true,
      "\(after.lastConversionError ?? "nothing")")
    let configuration = try bench.collection.configuration()
    #expect(configuration.encoding == before.encoding)
    // The beam holds at once, and it stays.
    #expect(configuration.index == .hnsw(m: 8, efConstruction: 60, ef: .fixed(77)))
    #expect(bench.store.recentEvents.contains { $0.kind == .conversionFailed })
    #expect(run(bench) == nil)
    var last: IndexingProgress?
    for await progress in stream { last = progress }
    #expect(last?.phase == .idle && last?.conversionFailure == after.lastConversionError)
    try bench.reopen()
    #expect(try bench.statistics().lastConversionError == after.lastConversionError)
    #expect(try bench.collection.configuration() == configuration)
    // The next change says nothing of this one.
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    #expect(try bench.statistics().lastConversionError == nil)
    #expect(run(bench) == .corruption)
    #expect(try bench.statistics().lastConversionError?.contains("hnsw, pq") == true)
    #expect(try bench.collection.configuration() == configuration)
  }

  @Test func whatFailsAgainAndAgainIsGivenUp() throws {
    let files = FaultInjectingFileSystem()
    var options = EncodedStore.options()
    options.compaction.conversionAttempts = 3
    let bench = try filled(options, fileSystem: files)
    files.reportFreeSpace(1 << 20)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    for attempt in 1...3 {
      #expect(try bench.statistics().outdated == 2_600, "attempt \(attempt)")
      #expect(run(bench) == .noSpace)
    }
    #expect(run(bench) == nil)
    let failed = try bench.statistics()
    #expect(failed.outdated == 0 && failed.lastConversionError?.contains("are free") == true)
    #expect(try bench.collection.configuration().encoding == .int8())
    #expect(try bench.recall() >= 0.97)
    files.reportFreeSpace(nil)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    #expect(run(bench) == nil)
    #expect(try bench.encodings() == ["pq(16x16)"])
    #expect(try bench.statistics().lastConversionError == nil)
  }

  /// A failure in between does not count for ever.
  @Test func onlyFailuresInARowCount() throws {
    let files = FaultInjectingFileSystem()
    var options = EncodedStore.options()
    options.compaction.conversionAttempts = 2
    let bench = try filled(options, fileSystem: files)
    for encoding in [.pq(centroids: 16), .rabitq(), .float16] as [VectorEncoding] {
      try bench.collection.reconfigure(encoding: encoding)
      files.reportFreeSpace(1 << 20)
      #expect(run(bench) == .noSpace)
      files.reportFreeSpace(nil)
      #expect(run(bench) == nil)
      #expect(try bench.collection.configuration().encoding == encoding)
      #expect(try bench.statistics().outdated == 0)
    }
  }

  /// What was converted before the failure is converted back, and that has nothing to go back to.
  @Test func aConversionGivenUpHalfWayGoesBack() throws {
    let files = FaultInjectingFileSystem()
    var options = EncodedStore.options()
    options.compaction.tierCount = 8
    options.compaction.settleFactor = 1
    options.compaction.conversionAttempts = 2
    let bench = try EncodedStore(.int8(), index: .flat, options: options, fileSystem: files)
    for start in stride(from: 0, to: 4_800, by: 1_200) {
      try bench.write(start..<start + 1_200)
      try bench.store.runBackgroundWork(isIdle: false)
    }
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    // Asked for twice: what there was before the first is what counts.
    try bench.collection.reconfigure(encoding: .pq(centroids: 32))
    let number = bench.collection.number
    #expect(try bench.store.compactor.runNext(.merge, collection: number, isIdle: false))
    #expect(try bench.encodings() == ["int8", "pq(16x32)"])
    try bench.reopen()
    files.reportFreeSpace(1 << 10)
    #expect(run(bench) == .noSpace)
    #expect(run(bench) == .noSpace)
    #expect(try bench.collection.configuration().encoding == .int8())
    // Back to what it was: what fails now is tried for as long as it takes.
    for _ in 0..<4 { #expect(run(bench) == .noSpace) }
    #expect(try bench.statistics().outdated == 1_200)
    #expect(try bench.recall() >= 0.9)
    files.reportFreeSpace(nil)
    #expect(run(bench) == nil)
    #expect(try bench.encodings() == ["int8"])
    #expect(try bench.statistics().lastConversionError?.contains("flat, pq") == true)
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }

  @Test func theThreadsGiveUpToo() throws {
    let files = FaultInjectingFileSystem()
    var options = EncodedStore.options(manual: false)
    options.compaction.conversionAttempts = 2
    let bench = try filled(options, fileSystem: files)
    try bench.collection.compact()
    files.reportFreeSpace(1 << 20)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    #expect(
      waitUntil {
        bench.store.recentEvents.contains { $0.kind == .conversionFailed }
      })
    #expect(try bench.collection.configuration().encoding == .int8())
    #expect(waitUntil { (try? bench.statistics().status) == "READY" })
    let failures = bench.store.recentEvents.filter { $0.kind == .jobFailed }.count
    #expect(failures == 2)
  }

  /// A class goes back with its collection, and writes are accepted again.
  @Test func aClassIsAsBefore() throws {
    let directory = try TemporaryDirectory()
    let files = FaultInjectingFileSystem()
    var options = EncodedStore.options()
    options.compaction.conversionAttempts = 1
    let store = try Store.open(
      at: FilePath(directory.file("store.seam")), options: options, fileSystem: files)
    defer { store.close() }
    let collection = try store.collection(
      fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"ef":70}}"#)
    var random = SeededGenerator(seed: 3)
    try collection.upsert(
      (0..<2_400).map { id in
        VectorObject(id: .int(Int64(id)), vector: (0..<16).map { _ in random.gaussian() })
      })
    try store.runBackgroundWork()
    let before = try collection.weaviateClass
    files.reportFreeSpace(1 << 10)
    _ = try store.collection(
      fromWeaviateClass:
        #"{"class":"A","vectorIndexConfig":{"pq":{"enabled":true,"centroids":16}}}"#)
    #expect(try collection.status() == .readOnly)
    #expect(throws: StoreError.self) { try store.runBackgroundWork() }
    #expect(try collection.status() == .ready)
    #expect(try collection.weaviateClass == before)
    try collection.upsert(VectorObject(id: 9_999, vector: nil))
    let figures = try store.statistics().collections.first
    #expect(figures?.readOnlyReason == nil && figures?.lastConversionError != nil)
  }

  /// Every file call of a conversion fails in turn; it is always finished afterwards.
  @Test func anyFileCallMayFail() throws {
    let files = FaultInjectingFileSystem()
    let bench = try EncodedStore(
      .int8(), index: .flat, options: EncodedStore.options(), fileSystem: files)
    try bench.write(0..<1_300)
    try bench.store.runBackgroundWork()
    let targets: [VectorEncoding] = [.binary(rescoreLimit: 0), .float16]
    var number = 0
    var isReached = true
    while isReached, number < 200 {
      let target = targets[number % 2]
      let name = target.name
      try bench.collection.reconfigure(encoding: target)
      let before = files.calls.count
      files.fail(after: number, fault: number % 2 == 0 ? .fail(.io) : .tear(.noSpace))
      let code = run(bench)
      isReached = files.calls.count > before + number
      files.fail(after: 1 << 40)
      #expect(code == nil || code == .io || code == .noSpace, "call \(number)")
      #expect(run(bench) == nil)
      #expect(try bench.encodings() == [name], "call \(number)")
      #expect(try bench.statistics().lastConversionError == nil)
      number += 1
    }
    #expect(number > 10 && !isReached)
    try bench.reopen()
    #expect(try bench.recall(isExact: false) > 0.2)
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }
}
