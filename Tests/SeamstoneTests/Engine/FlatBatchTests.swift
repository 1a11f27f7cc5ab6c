import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// Many queries in one call get the answers that each gets by itself, although flat segments are compared with all of
/// them at a time.
@Suite struct FlatBatchTests {
  private static let encodings: [VectorEncoding] = [.float32, .int8(), .rabitq(bits: 4)]

  @Test(arguments: [Metric.l2Squared, .cosine, .dot], encodings)
  func answersAreThoseOfOneQueryAtATime(_ metric: Metric, _ encoding: VectorEncoding) throws {
    let bench = try StoreBench(dimensions: 10, metric: metric, seed: 61)
    let flat = try bench.store.collection(
      "flat",
      CollectionConfiguration(
        dimensions: 10, metric: metric, index: .flat, encoding: encoding))
    for start in stride(from: 0, to: 620, by: 155) {
      try flat.upsert((start..<start + 155).map { bench.object($0) })
      try bench.store.runBackgroundWork(isIdle: false)
    }
    try flat.delete(ids: stride(from: 0, to: 620, by: 7).map { .int(Int64($0)) })
    let state = try flat.state { $0 }
    #expect(FlatBatch(state, limit: 6, ef: nil, filter: nil, isExact: false) != nil)
    let queries = (0..<23).map { _ in bench.vector() }
    for threads in [1, 3] {
      let many = try flat.search(near: queries, limit: 6, threads: threads)
      for (query, found) in zip(queries, many) {
        let alone = try flat.search(near: query, limit: 6)
        #expect(found.map(\.id) == alone.map(\.id), "seed 61")
        #expect(found.map(\.distance) == alone.map(\.distance), "seed 61")
      }
    }
  }

  /// What all queries of a batch keep together is bounded, however much each of them wants.
  @Test func fewerQueriesAreTakenAtATimeWhereEachWantsMany() throws {
    let bench = try StoreBench(dimensions: 2, seed: 63)
    try bench.upsert(0..<150)
    try bench.store.runBackgroundWork(isIdle: false)
    var state = try bench.collection.state { $0 }
    state.counters.vectorCount = 40_000_000
    func size(_ limit: Int) -> Int? {
      FlatBatch(state, limit: limit, ef: nil, filter: nil, isExact: false)?.size
    }
    #expect(size(1) == 128 && size(10) == 128)
    #expect(size(1 << 12) == 32)
    #expect(size(1 << 17) == 1 && size(10_000_000) == 1)
  }

  @Test func aQueryThatIsWrongFailsTheCallAsItDoesAlone() throws {
    let bench = try StoreBench(dimensions: 4, seed: 62)
    try bench.upsert(0..<150)
    try bench.store.runBackgroundWork(isIdle: false)
    let queries = [bench.vector(), [1, 2], bench.vector()]
    #expect(throws: StoreError.self) { try bench.collection.search(near: queries, limit: 3) }
    #expect(throws: StoreError.self) {
      try bench.collection.search(near: [bench.vector(), bench.vector()], limit: 3, ef: -1)
    }
  }
}
