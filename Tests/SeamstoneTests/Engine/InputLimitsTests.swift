import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// No number that a caller gives takes the process down.
@Suite struct InputLimitsTests {
  @Test func hugeAndNegativeNumbersAreAnsweredOrRefused() throws {
    let bench = try StoreBench(seed: 11)
    try bench.fill(300, step: 60)
    let live = bench.model.entries.count
    let query = bench.vector()
    let filter = StoreFixture.filter(n: 3)
    for limit in [live, live + 1, 1 << 40, .max] {
      #expect(try bench.collection.search(near: query, limit: limit).count == live)
      #expect(try bench.collection.search(near: query, limit: limit, exact: true).count == live)
      #expect(try bench.collection.search(nearID: .int(1), limit: limit).count == live - 1)
      let matching = try bench.collection.search(near: query, limit: limit, where: filter)
      #expect(matching.count == bench.model.entries.values.filter { $0.properties["n"] == 3 }.count)
    }
    for ef in [1, 1 << 40, .max] {
      #expect(try bench.collection.search(near: query, limit: 5, ef: ef).count == 5)
      #expect(try bench.collection.search(near: query, limit: 5, ef: ef, where: filter).count == 5)
    }
    for limit in [-1, -2, Int.min] {
      #expect(throws: StoreError.self) { try bench.collection.search(near: query, limit: limit) }
      #expect(throws: StoreError.self) {
        try bench.collection.search(nearID: .int(1), limit: limit)
      }
      #expect(throws: StoreError.self) { try bench.collection.search(near: [query], limit: limit) }
    }
    #expect(throws: StoreError.self) { try bench.collection.search(near: query, ef: 0) }
    #expect(try bench.collection.search(near: query, limit: 0).isEmpty)
    let many = try bench.collection.search(
      near: [[Float]](repeating: query, count: 300), limit: 2, threads: .max)
    #expect(many.count == 300)
    #expect(try bench.collection.search(near: [[Float]](), limit: 2).isEmpty)
    try bench.store.read { snapshot in
      let collection = try snapshot.collection("things")
      for cursor: UInt64 in [.max, .max - 1, 1 << 56] {
        #expect(try collection.objects(after: cursor, limit: 10).objects.isEmpty)
      }
      #expect(try collection.objects(limit: .max).objects.count == live)
      #expect(try collection.objects(limit: -1).objects.isEmpty)
    }
  }

  @Test func vectorsThatAreNotVectorsAreRefused() throws {
    let bench = try StoreBench(seed: 12)
    let bad: [[Float]] = [
      [], [1], [Float](repeating: 1, count: 9), [Float](repeating: .nan, count: 8),
      [1, 2, 3, 4, 5, 6, 7, .infinity], [Float](repeating: 0, count: 1 << 20),
    ]
    for vector in bad {
      #expect(throws: StoreError.self) {
        try bench.collection.upsert(VectorObject(id: "a", vector: vector, properties: [:]))
      }
      #expect(throws: StoreError.self) { try bench.collection.search(near: vector) }
    }
    #expect(try bench.collection.count() == 0)
    // The largest finite numbers are vectors like others.
    for id in 0..<3 {
      let vector = [Float](repeating: id == 0 ? .greatestFiniteMagnitude : Float(id), count: 8)
      let object = VectorObject(id: .int(Int64(id)), vector: vector, properties: [:])
      try bench.collection.upsert(object)
      bench.model.upsert([object])
    }
    try bench.upsert(10..<400)
    try bench.collection.compact(full: true)
    let hits = try bench.collection.search(near: bench.vector(), limit: 393, exact: true)
    #expect(hits.count == 393 && hits.allSatisfy { $0.distance.isFinite })
    #expect(try bench.collection.search(near: bench.vector(), limit: 10).count == 10)
  }

  @Test func optionsThatNothingCouldWorkWithAreRefused() throws {
    let directory = try TemporaryDirectory()
    let path = FilePath(directory.path + "/store.seam")
    let changes: [@Sendable (inout StoreOptions) -> Void] = [
      { $0.mapSize = .max }, { $0.mapSize = -1 }, { $0.threads = -1 }, { $0.threads = .max },
      { $0.maximumReaders = 0 }, { $0.mapGrowthTimeout = .nan }, { $0.mapGrowthTimeout = 1e300 },
      { $0.maximumSnapshotAge = -.infinity }, { $0.compaction.tierCount = 1 },
      { $0.compaction.hardTailRows = 0 },
    ]
    for change in changes {
      var options = StoreFixture.options()
      change(&options)
      let error = #expect(throws: StoreError.self) {
        _ = try Store.open(at: path, options: options)
      }
      #expect(error?.code == .invalidConfiguration)
    }
    // Nothing was created on the way.
    #expect(try !PosixFileSystem().exists(path.string))
  }
}
