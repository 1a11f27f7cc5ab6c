import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// Group commit, back-pressure, and what an upsert of the same vector does.
@Suite struct WritingTests {
  @Test func oneInvalidBatchOfAGroupFailsAlone() throws {
    let bench = try StoreBench(seed: 31)
    let (store, collection) = (bench.store, bench.collection)
    let codes = ConditionLock<[Int: StoreError.Code]>([:])
    let threads = 8
    let rounds = 12
    let vectors = (0..<threads).map { _ in bench.vector() }
    ParallelWork.run(count: threads) { worker in
      for round in 0..<rounds {
        let id = worker * 1_000 + round
        do {
          try store.write { batch in
            try batch.upsert(
              [VectorObject(id: .int(Int64(id)), vector: vectors[worker], properties: [:])],
              into: collection)
            // Known to be wrong only on the writer thread, in the middle of the group.
            if worker == 3 {
              try batch.updateProperties(of: "nobody", to: [:], in: collection)
            }
          }
        } catch let error as StoreError {
          codes.withLock { $0[id] = error.code }
        } catch {}
      }
    }
    let failed = codes.withLock { $0 }
    #expect(failed.count == rounds)
    #expect(failed.allSatisfy { $0.key / 1_000 == 3 && $0.value == .notFound })
    #expect(try collection.count() == (threads - 1) * rounds)
    for worker in 0..<threads {
      #expect(try (collection.get(.int(Int64(worker * 1_000))) != nil) == (worker != 3))
    }
  }

  @Test func writersWaitAtTheHardLimitUntilASealCatchesUp() throws {
    var options = StoreFixture.options(manual: false)
    options.compaction.softTailRows = 150
    options.compaction.hardTailRows = 200
    // Larger than the hard limit: the seal is due there all the same.
    options.compaction.sealRows = 1 << 20
    options.compaction.idleSeconds = 1_000
    let bench = try StoreBench(seed: 32, options: options)
    let collection = bench.collection
    var largest = 0
    for start in stride(from: 0, to: 1_200, by: 40) {
      if start % 80 == 0 {
        try bench.upsert(start..<(start + 40))
      } else {
        let objects = (start..<(start + 40)).map { bench.object($0) }
        try bench.store.write { try $0.upsert(objects, into: collection) }
        bench.model.upsert(objects)
      }
      largest = max(largest, bench.state?.tail.rowCount ?? 0)
    }
    #expect(largest <= 240)
    #expect((bench.state?.segments.count ?? 0) > 0)
    try bench.check()
  }

  @Test func writersHearOfSealsThatFailInsteadOfWaitingForEver() throws {
    let directory = try TemporaryDirectory()
    let files = FaultInjectingFileSystem()
    var options = StoreFixture.options(manual: false)
    options.compaction.softTailRows = 50
    options.compaction.hardTailRows = 100
    let store = try Store.open(
      at: FilePath(directory.file("store.seam")), options: options, fileSystem: files)
    defer { store.close() }
    let collection = try store.collection("things", .init(dimensions: 4, metric: .l2Squared))
    files.fail(after: 0, fault: .fail(.noSpace), failsForEver: true)
    var failure: StoreError?
    for id in 0..<400 where failure == nil {
      do throws(StoreError) {
        try collection.upsert(
          VectorObject(id: .int(Int64(id)), vector: [Float(id), 1, 2, 3], properties: [:]))
      } catch { failure = error }
    }
    #expect(failure?.code == .noSpace)
    #expect(try collection.count() >= 100)
    #expect(try collection.search(near: [5, 1, 2, 3], limit: 1).first?.id == .int(5))
  }

  @Test func writersSealByThemselvesUnderTheManualScheduler() throws {
    var options = StoreFixture.options()
    options.compaction.hardTailRows = 100
    let bench = try StoreBench(seed: 33, options: options)
    for start in stride(from: 0, to: 500, by: 50) { try bench.upsert(start..<(start + 50)) }
    #expect((bench.state?.tail.rowCount ?? .max) <= 150)
    try bench.check()
  }

  @Test func anEqualVectorKeepsItsPlaceInTheIndex() throws {
    let bench = try StoreBench(seed: 34)
    try bench.upsert(0..<100)
    try bench.store.runBackgroundWork()
    let before = bench.state
    let same = (0..<100).map { id in
      VectorObject(
        id: .int(Int64(id)), value: bench.model.entries[.int(Int64(id))]?.vector,
        properties: ["n": 99])
    }
    try bench.collection.upsert(same)
    bench.model.upsert(same)
    #expect(bench.state?.counters.nextDocID == before?.counters.nextDocID)
    #expect(bench.state?.tail.rowCount == before?.tail.rowCount)
    try bench.check()
  }

  @Test func abortedWritesLeaveNothingInTheTail() throws {
    let bench = try StoreBench(seed: 35)
    let collection = bench.collection
    for round in 0..<40 {
      let objects = (0..<30).map { _ in
        VectorObject(
          id: .int(Int64.random(in: 0..<50, using: &bench.random)), vector: bench.vector(),
          properties: [:])
      }
      let isGood = round % 2 == 0
      do {
        try bench.store.write { batch in
          try batch.upsert(objects, into: collection)
          if !isGood { try batch.updateProperties(of: "nobody", to: [:], in: collection) }
        }
        bench.model.upsert(objects)
        #expect(isGood)
      } catch let error as StoreError {
        #expect(error.code == .notFound && !isGood)
      }
      try bench.check(queries: 1)
    }
  }
}
