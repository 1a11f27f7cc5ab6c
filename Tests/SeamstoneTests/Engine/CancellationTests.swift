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
  private func job(_ bench: StoreBench, asGraph: Bool = true) throws -> SegmentJob {
    guard let state = bench.state, let last = state.manifest.entries.last else {
      throw ModelMismatch("there are no segments")
    }
    return SegmentJob(
      core: bench.store.core, collection: state, interval: 1...last.lastDocID,
      replaced: state.manifest.entries.map(\.number), isSeal: false, asGraph: asGraph,
      encoding: .int8, base: nil)
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

  /// Whoever asked for the index to be brought to rest gets the one that is wanted now.
  @Test func compactingBuildsWhatIsWantedInTheEnd() async throws {
    let bench = try StoreBench(seed: 134)
    for start in stride(from: 0, to: 3_000, by: 500) { try bench.upsert(start..<(start + 500)) }
    let collection = bench.collection
    let changing = Task {
      for await progress in collection.indexing where progress.phase == .merging {
        try collection.reconfigure(index: .hnsw(m: 12))
        return
      }
    }
    try await collection.compact(full: true)
    changing.cancel()
    _ = await changing.result
    // The change may have come too late to be seen; then there is something left to do.
    try await collection.compact(full: true)
    let configuration = try collection.configuration()
    #expect(bench.state?.segments.count == 1)
    for segment in bench.state?.segments ?? [] {
      #expect(segment.handle.map { configuration.isServed(by: $0.index) } == true)
    }
    try bench.check(queries: 2)
  }
}
