import StorageIO
import StoreModel
import Synchronization
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// Builds that nobody needs any more stop, so that no work is done in vain.
@Suite struct CancellationTests {
  /// A merge of everything into one graph, of the newest version.
  private func job(
    _ bench: StoreBench, asGraph: Bool = true, encoding: EncodingPlan = .int8,
    stop: StopRequest? = nil
  ) throws -> SegmentJob {
    guard let state = bench.state, let last = state.manifest.entries.last else {
      throw ModelMismatch("there are no segments")
    }
    return SegmentJob(
      core: bench.store.core, collection: state, interval: 1...last.lastDocID,
      replaced: state.manifest.entries.map(\.number), isSeal: false, asGraph: asGraph,
      encoding: encoding, base: nil, stop: stop)
  }

  /// Builds, and lets `change` happen as soon as the build reports progress; answers how it ended.
  private func outcome(
    _ job: SegmentJob, changing change: @escaping @Sendable () throws -> Void
  ) throws -> StoreError.Code? {
    let isChanged = Atomic<Bool>(false)
    let failure = ConditionLock<(any Error)?>(nil)
    var code: StoreError.Code?
    do throws(StoreError) {
      let built = try job.build { _ in
        if isChanged.exchange(true, ordering: .acquiringAndReleasing) { return }
        do { try change() } catch { failure.withLock { $0 = error } }
      }
      built.segment?.handle.retire()
    } catch {
      code = error.code
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return code
  }

  @Test func aBuildStopsWhenItsCollectionIsDropped() throws {
    let bench = try StoreBench(seed: 131)
    try bench.fill()
    let before = try bench.files()
    let store = bench.store
    #expect(try outcome(try job(bench)) { try store.dropCollection("things") } == .cancelled)
    // What was begun is gone, and so is what the collection had.
    #expect(try bench.files().filter { !before.contains($0) } == [])
  }

  /// What `compact()` builds for a task that is cancelled is given up, nothing of it stays, and the next call
  /// builds it.
  @Test func aBuildStopsWhenNobodyWaitsForItAnyMore() throws {
    let bench = try StoreBench(seed: 133)
    try bench.fill()
    let before = try bench.files()
    let stop = StopRequest()
    #expect(try outcome(try job(bench, stop: stop)) { stop.make() } == .cancelled)
    #expect(try bench.files() == before)
    #expect(throws: StoreError.compactionStopped) {
      try bench.collection.compact(full: true, stop: stop)
    }
    #expect(try bench.files() == before)
    try bench.collection.compact(full: true, stop: StopRequest())
    #expect(try bench.files().count == 1)
    _ = try bench.check()
  }

  @Test func aBuildStopsWhenAnotherKindOfSegmentIsWanted() throws {
    let changes: [(Bool, @Sendable (Collection) throws -> Void)] = [
      (true, { try $0.reconfigure(index: .hnsw(m: 12)) }),
      (true, { try $0.reconfigure(index: .hnsw(m: 8, efConstruction: 77)) }),
      (true, { try $0.reconfigure(index: .flat) }),
      (true, { try $0.reconfigure(encoding: .float32) }),
      (false, { try $0.reconfigure(encoding: .float32) }),
    ]
    for (number, (asGraph, change)) in changes.enumerated() {
      let bench = try StoreBench(seed: 132)
      try bench.fill()
      let collection = bench.collection
      let code = try outcome(try job(bench, asGraph: asGraph)) { try change(collection) }
      #expect(code == .cancelled, "change \(number)")
      // The next look at the collection builds what is wanted now.
      try bench.store.runBackgroundWork()
      try bench.check(queries: 2)
      let configuration = try collection.configuration()
      for segment in bench.state?.segments ?? [] {
        #expect(segment.handle.map { configuration.isServed(by: $0.index) } == true)
      }
    }
  }

  @Test func aBuildGoesOnWhereOnlySearchesChange() throws {
    let bench = try StoreBench(seed: 133)
    try bench.fill()
    let collection = bench.collection
    let code = try outcome(try job(bench)) {
      try collection.reconfigure(index: .hnsw(m: 8, ef: .fixed(99)))
    }
    #expect(code == nil)
  }

  /// Whoever asked for the index to be brought to rest gets the one that is wanted now, though the work that
  /// he waited for became useless when it was nearly done.
  @Test func compactingBuildsWhatIsWantedInTheEnd() throws {
    let fileSystem = FaultInjectingFileSystem()
    let bench = try StoreBench(seed: 134, fileSystem: fileSystem)
    try bench.fill()
    try bench.store.runBackgroundWork()
    try bench.upsert(500..<564)
    try bench.store.runBackgroundWork(isIdle: false)
    try #require((bench.state?.segments.count ?? 0) > 1)
    try #require(bench.state?.tail.liveCount == 0)
    let collection = bench.collection
    let change = ConditionLock<Result<Void, any Error>?>(nil)
    // The next file is that of the merge of them all, made when its graph is built.
    fileSystem.interrupt(next: "createFile") {
      let result = Result { try collection.reconfigure(index: .hnsw(m: 12)) }
      change.withLock { $0 = result }
    }
    let before = fileSystem.calls.count
    try collection.compact(full: true)
    try #require(change.withLock { $0 }).get()
    // One that became useless, and one that is wanted.
    #expect(fileSystem.calls.dropFirst(before).count { $0.hasPrefix("createFile ") } == 2)
    let segments = bench.state?.segments ?? []
    #expect(segments.count == 1)
    guard case .hnsw(let graph) = try #require(segments.first?.handle).index.kind else {
      Issue.record("the segment has no graph")
      return
    }
    #expect(graph.m == 12)
    #expect(try collection.statistics().outdated == 0)
    #expect(try collection.statistics().failure == nil)
    try bench.check(queries: 2)
  }

  /// Training that stopped leaves a codebook with gaps: it must not be used because somebody changed his mind.
  @Test(arguments: [true, false])
  func aBuildThatIsStoppedWhileItTrainsIsNeverFinished(changesBack: Bool) throws {
    let bench = try StoreBench(seed: 135)
    let encoding = VectorEncoding.pq(subvectors: 4, centroids: 16)
    try bench.collection.reconfigure(encoding: encoding)
    for start in stride(from: 0, to: 1_200, by: 300) { try bench.upsert(start..<(start + 300)) }
    try bench.store.runBackgroundWork(isIdle: false)
    let before = try bench.files()
    let collection = bench.collection
    let job = try job(
      bench, encoding: .pq(ProductPlan(subvectors: 4, centroids: 16)))
    let code = try outcome(job) {
      try collection.reconfigure(encoding: .float32)
      guard changesBack else { return }
      #expect(job.isObsolete)
      try collection.reconfigure(encoding: encoding)
    }
    #expect(code == .cancelled)
    #expect(try bench.files() == before)
    // What is wanted now is built, and nothing counts as failed.
    try collection.compact(full: true)
    let wanted = changesBack ? "pq(4x16)" : "float32"
    #expect(try collection.statistics().segments.map(\.encoding) == [wanted])
    #expect(try collection.statistics().failure == nil)
    #expect(!bench.store.recentEvents.contains { $0.kind == .jobFailed })
    try bench.check(queries: 2)
  }
}
