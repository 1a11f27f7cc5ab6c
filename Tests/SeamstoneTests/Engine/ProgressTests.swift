import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// What the streams of background work tell, and when they end.
@Suite(.timeLimit(.minutes(5))) struct ProgressTests {
  private func progress(_ phase: IndexingProgress.Phase) -> IndexingProgress {
    IndexingProgress(phase: phase, fraction: 0.5, tailCount: 0, segmentCount: 0, outdatedCount: 0)
  }

  private func collect(
    _ stream: AsyncStream<IndexingProgress>
  ) async -> [IndexingProgress.Phase] {
    var phases: [IndexingProgress.Phase] = []
    for await progress in stream { phases.append(progress.phase) }
    return phases
  }

  @Test func aStreamEndsOnlyWhenBothLanesAreDone() async {
    let hub = ProgressHub()
    let stream = hub.stream(1)
    hub.rest([.merge, .seal], 2)
    hub.rest([.seal], 1)
    hub.report(.seal, 1, progress(.sealing))
    #expect(hub.isBusy(1))
    // The merge lane finds nothing while the seal runs: that is not the end.
    hub.rest([.merge], 1)
    hub.report(.merge, 1, progress(.merging))
    // One ends while the other goes on: watchers hear of that one, and it stays busy.
    hub.end(.seal, 1, progress(.idle))
    #expect(hub.isBusy(1))
    hub.rest([.seal], 1)
    hub.end(.merge, 1, progress(.idle))
    #expect(!hub.isBusy(1))
    hub.rest([.seal], 1)
    hub.report(.seal, 1, progress(.sealing))
    hub.end(.seal, 1, progress(.idle))
    hub.rest([.merge], 1)
    hub.report(.merge, 1, progress(.merging))
    hub.end(.merge, 1, progress(.idle))
    hub.rest([.merge], 1)
    hub.rest([.seal], 1)
    // Nobody listens any more.
    hub.report(.seal, 1, progress(.sealing))
    #expect(
      await collect(stream) == [
        .sealing, .merging, .merging, .idle, .sealing, .idle, .merging, .idle,
      ])
  }

  @Test func streamsOfTheManualSchedulerEnd() async throws {
    let bench = try StoreBench(seed: 151)
    #expect(await collect(bench.collection.indexing) == [], "nothing is due in an empty collection")
    try bench.upsert(0..<300)
    let stream = bench.collection.indexing
    try bench.store.runBackgroundWork()
    #expect(await collect(stream).contains(.merging))
    #expect(await collect(bench.collection.indexing) == [])
    try bench.upsert(300..<600)
    let other = bench.collection.indexing
    try await bench.collection.compact()
    #expect(await collect(other).last == .idle)
    try bench.upsert(600..<900)
    let last = bench.collection.indexing
    try bench.store.dropCollection("things")
    try bench.store.runBackgroundWork()
    #expect(await collect(last) == [])
  }

  @Test func streamsOfTheStoresThreadsEnd() async throws {
    let bench = try StoreBench(seed: 152, options: StoreFixture.options(manual: false))
    for start in stride(from: 0, to: 1_000, by: 50) { try bench.upsert(start..<(start + 50)) }
    _ = await collect(bench.collection.indexing)
    // No job is left: what the policy would do is done.
    #expect(bench.store.compactor.isAtRest(bench.collection.number))
    #expect(!bench.store.core.progress.isBusy(bench.collection.number))
    _ = await collect(bench.collection.indexing)
    let dropped = bench.collection.indexing
    try bench.store.dropCollection("things")
    _ = await collect(dropped)
  }
}
