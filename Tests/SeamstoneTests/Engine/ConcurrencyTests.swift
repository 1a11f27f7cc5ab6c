import StorageIO
import StoreModel
import Synchronization
import TestSupport
import Testing

@testable import Seamstone

/// Readers, writers, compaction and closing at the same time. `.ci/sanitize` runs these under the
/// thread and address sanitizers.
@Suite struct EngineConcurrencyTests {
  /// Writers keep an invariant that every reader checks in every version it sees: for each `n`, the
  /// left and the right collection hold the same object, or neither does.
  @Test func everyVersionIsWhole() throws {
    let bench = try StoreBench(
      seed: 81, options: StoreFixture.options(manual: false, sealRows: 48, graphRows: 120))
    let store = bench.store
    let sides = try ["left", "right"].map {
      try store.collection($0, StoreFixture.configuration(dimensions: 8, metric: .l2Squared))
    }
    let failure = ConditionLock<String?>(nil)
    let isDone = Atomic<Bool>(false)
    let deadline = ContinuousClock.now + .seconds(2)
    ParallelWork.run(count: 7) { worker in
      var random = SeededGenerator(seed: UInt64(worker))
      do {
        switch worker {
        case 0:
          while ContinuousClock.now < deadline { try store.collection("left").compact(full: true) }
          isDone.store(true, ordering: .releasing)
        case 1, 2, 3:
          while !isDone.load(ordering: .acquiring) {
            try Self.write(to: store, sides, &random)
          }
        default:
          while !isDone.load(ordering: .acquiring) {
            try Self.readPair(store, &random)
          }
        }
      } catch {
        failure.withLock { $0 = "worker \(worker): \(error)" }
        isDone.store(true, ordering: .releasing)
      }
    }
    #expect(failure.withLock { $0 } == nil)
    store.close()
    // And all of it is still there.
    let again = try Store.open(at: bench.path, options: StoreFixture.options())
    var random = SeededGenerator(seed: 9)
    for _ in 0..<5 { try Self.readPair(again, &random) }
    again.close()
  }

  private static func write(
    to store: Store, _ sides: [Collection], _ random: inout SeededGenerator
  ) throws {
    let ids = (0..<Int.random(in: 1...8, using: &random)).map { _ in
      ObjectID.int(Int64.random(in: 0..<300, using: &random))
    }
    let isDelete = Int.random(in: 0..<4, using: &random) == 0
    let objects = ids.map {
      VectorObject(
        id: $0, vector: VectorMaker.vector(8, metric: .l2Squared, using: &random),
        properties: ["n": .int(Int64.random(in: 0..<9, using: &random))])
    }
    try store.write { batch in
      for side in sides {
        if isDelete {
          try batch.delete(ids: ids, from: side)
        } else {
          try batch.upsert(objects, into: side)
        }
      }
    }
  }

  private static func readPair(_ store: Store, _ random: inout SeededGenerator) throws {
    let query = VectorMaker.vector(8, metric: .l2Squared, using: &random)
    try store.read { snapshot in
      let left = try snapshot.collection("left")
      let right = try snapshot.collection("right")
      guard try left.count() == right.count() else { throw ModelMismatch("the counts differ") }
      let a = try left.find(near: .floats(query), limit: 8, ef: nil, where: nil, exact: true)
      let b = try right.find(near: .floats(query), limit: 8, ef: nil, where: nil, exact: true)
      // The order of ties is by age, which is the same on both sides.
      guard a == b else { throw ModelMismatch("left has \(a), right \(b)") }
      let c = try left.find(near: .floats(query), limit: 8, ef: 100, where: nil, exact: false)
      guard c.count == a.count else { throw ModelMismatch("\(c.count) of \(a.count) results") }
      let d = try left.find(
        near: .floats(query), limit: 4, ef: nil, where: StoreFixture.filter(n: 2), exact: false)
      let e = try left.find(
        near: .floats(query), limit: 4, ef: nil, where: StoreFixture.filter(n: 2), exact: true)
      guard d.count == e.count else { throw ModelMismatch("filtered: \(d.count) of \(e.count)") }
    }
  }

  @Test func closesWhileSearchesWritesAndBuildsRun() throws {
    for round in 0..<6 {
      let bench = try StoreBench(
        seed: UInt64(90 + round), options: StoreFixture.options(manual: false))
      try bench.upsert(0..<300)
      let (store, collection) = (bench.store, bench.collection)
      let queries = (0..<6).map { _ in bench.vector() }
      let problems = ConditionLock<[String]>([])
      ParallelWork.run(count: 6) { worker in
        var random = SeededGenerator(seed: UInt64(worker))
        do {
          while true {
            switch worker {
            case 0:
              for _ in 0..<(3 + round * 4) {
                _ = try collection.search(near: queries[0], limit: 5)
              }
              store.close()
            case 1: _ = try collection.search(near: queries, limit: 5, threads: 3)
            case 2:
              try collection.upsert(
                VectorObject(
                  id: .int(Int64.random(in: 0..<900, using: &random)),
                  vector: queries[worker], properties: [:]))
            case 3:
              let snapshot = try store.snapshot()
              _ = try snapshot.collection("things").search(near: queries[3], exact: true)
            case 4: try collection.compact(full: true)
            default: _ = try collection.search(near: queries[5], limit: 9, exact: true)
            }
          }
        } catch let error as StoreError {
          if error.code != .closed && error.code != .cancelled {
            problems.withLock { $0.append("worker \(worker): \(error)") }
          }
        } catch {}
      }
      #expect(problems.withLock { $0 } == [])
      // Everything was released: it opens again at once.
      let again = try Store.open(at: bench.path, options: StoreFixture.options())
      #expect(try again.collection("things").count() >= 300)
      again.close()
    }
  }

  @Test func asyncCallsAfterClosingAreAnswered() async throws {
    let bench = try StoreBench(seed: 97)
    let collection = bench.collection
    let query = bench.vector()
    try await collection.upsert([bench.object(1)])
    #expect(try await collection.search(near: query, limit: 3).count == 1)
    bench.store.close()
    await #expect(throws: StoreError.self) { try await collection.search(near: query, limit: 3) }
    await #expect(throws: StoreError.self) { try await collection.delete(ids: [1]) }
  }

  /// Searches on several threads begin several transactions; growing the map at the same time must
  /// neither deadlock nor fail.
  @Test func theMapGrowsUnderSearches() throws {
    var options = StoreFixture.options(manual: false)
    options.mapSize = 1 << 20
    let bench = try StoreBench(dimensions: 64, metric: .dot, seed: 98, options: options)
    try bench.upsert(0..<50)
    let (store, collection) = (bench.store, bench.collection)
    let query = bench.vector()
    let isDone = Atomic<Bool>(false)
    let problems = ConditionLock<[String]>([])
    let objects = (0..<4_000).map { bench.object($0) }
    ParallelWork.run(count: 4) { worker in
      do {
        if worker == 0 {
          defer { isDone.store(true, ordering: .releasing) }
          for start in stride(from: 0, to: objects.count, by: 200) {
            try collection.upsert(Array(objects[start..<(start + 200)]))
          }
        }
        while !isDone.load(ordering: .acquiring) {
          if worker == 1 {
            _ = try collection.search(near: [query, query, query], limit: 5, threads: 3)
          } else {
            // A transaction inside a transaction.
            try store.read { _ in _ = try collection.search(near: query, limit: 5) }
          }
        }
      } catch {
        problems.withLock { $0.append("worker \(worker): \(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    #expect(try collection.count() == 4_000)
    #expect(bench.store.core.environment.mapSize > 1 << 20)
  }

  @Test func snapshotsAreSharedBetweenThreads() throws {
    let bench = try StoreBench(seed: 99)
    try bench.fill(300, step: 60)
    let snapshot = try bench.store.snapshot()
    let query = bench.vector()
    let expected = try snapshot.collection("things").search(near: query, exact: true).map(\.id)
    let wrong = Atomic<Int>(0)
    ParallelWork.run(count: 5) { worker in
      for _ in 0..<20 {
        if worker == 4, Bool.random() { _ = snapshot.isClosed }
        let ids = try? snapshot.collection("things").search(near: query, exact: true).map(\.id)
        if ids != expected { wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  /// Snapshots keep what they saw across fifty full compactions, while others search them.
  @Test func snapshotsOutliveFiftyCompactions() throws {
    let bench = try StoreBench(seed: 101)
    try bench.fill(240, step: 60)
    var held: [(snapshot: Snapshot, model: ModelCollection)] = []
    let query = bench.value()
    let failure = ConditionLock<String?>(nil)
    for round in 0..<50 {
      if round.isMultiple(of: 10) { held.append((try bench.store.snapshot(), bench.model)) }
      try bench.upsert(round * 3..<round * 3 + 8)
      try bench.delete([round * 4])
      let snapshots = held
      let collection = bench.collection
      ParallelWork.run(count: 3) { worker in
        do {
          if worker == 0 { return try collection.compact(full: true) }
          let (snapshot, model) = snapshots[(round + worker) % snapshots.count]
          let comparison = ModelComparison(try snapshot.collection("things"), model)
          try comparison.checkExact(query, limit: 10)
          if round % 10 == 9 { try comparison.checkObjects() }
        } catch {
          failure.withLock { $0 = "round \(round), worker \(worker): \(error)" }
        }
      }
    }
    #expect(failure.withLock { $0 } == nil)
    for (snapshot, model) in held {
      let comparison = ModelComparison(try snapshot.collection("things"), model)
      _ = try comparison.checkAll(queries: 4, random: &bench.random, dimensions: 8)
      snapshot.close()
    }
    #expect(try bench.files().count == bench.state?.segments.count)
    let comparison = ModelComparison(bench.collection, bench.model)
    _ = try comparison.checkAll(queries: 4, random: &bench.random, dimensions: 8)
  }
}
