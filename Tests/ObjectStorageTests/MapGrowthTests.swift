import ObjectStorage
import StorageIO
import Synchronization
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct MapGrowthTests {
  private func fill(_ fixture: Fixture, from first: UInt64, count: UInt64) throws(StoreError) {
    let vectors = fixture.tables.vectors(dimensions: 384)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in first..<first + count {
        try vectors.put([Float](repeating: 1, count: 384), docID: docID, in: transaction)
      }
    }
  }

  @Test func aFullMapAbortsCleanlyAndGrows() throws {
    let fixture = try Fixture(options: testOptions(mapSize: 1 << 20))
    try fill(fixture, from: 0, count: 200)
    #expect(errorCode { try fill(fixture, from: 200, count: 2000) } == .mapFull)
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try fixture.tables.vectors(dimensions: 384).docIDs(in: transaction).last == 199)
    }
    try fixture.environment.grow(to: 16 << 20)
    #expect(fixture.environment.mapSize == 16 << 20)
    try fill(fixture, from: 200, count: 2000)
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try fixture.tables.vectors(dimensions: 384).get(0, in: transaction)?[383] == 1)
      #expect(try fixture.tables.vectors(dimensions: 384).docIDs(in: transaction).last == 2199)
    }
    try fixture.environment.grow(to: 1 << 20)
    #expect(fixture.environment.mapSize == 16 << 20)
  }

  @Test func anOpenSnapshotKeepsTheMapFromGrowing() throws {
    let fixture = try Fixture(options: testOptions(mapSize: 1 << 20))
    let snapshot = try fixture.environment.beginRead()
    usleep(120_000)
    do {
      try fixture.environment.grow(to: 4 << 20, waiting: 0.05)
      Issue.record("the map grew")
    } catch {
      #expect(error.code == .mapFull)
      #expect(error.cause?.hasPrefix("1 open, the oldest began 0.") == true, "\(error)")
    }
    #expect(fixture.environment.mapSize == 1 << 20)
    #expect(try fixture.tables.ids.count(in: snapshot) == 0)
    #expect(fixture.environment.transactionLoad.oldestAge >= 0.1)
    snapshot.end()
    try fixture.environment.grow(to: 4 << 20, waiting: 0.05)
    #expect(fixture.environment.mapSize == 4 << 20)
  }

  @Test func growthWaitsForReadersInOtherThreads() throws {
    let fixture = try Fixture(options: testOptions(mapSize: 1 << 20))
    try fill(fixture, from: 0, count: 100)
    let stop = Atomic<Bool>(false)
    let reads = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    let vectors = fixture.tables.vectors(dimensions: 384)
    let readers = try (0..<3).map { number in
      try PosixThread.start(name: "reader \(number)") {
        while !stop.load(ordering: .relaxed) {
          do throws(StoreError) {
            try fixture.environment.read { (transaction) throws(StoreError) in
              if try vectors.get(50, in: transaction)?[383] != 1 {
                failures.wrappingAdd(1, ordering: .relaxed)
              }
            }
          } catch {
            failures.wrappingAdd(1, ordering: .relaxed)
          }
          reads.wrappingAdd(1, ordering: .relaxed)
        }
      }
    }
    for step in 2...12 {
      try fixture.environment.grow(to: step << 20)
      try fill(fixture, from: UInt64(step) * 100, count: 100)
    }
    while reads.load(ordering: .relaxed) < 300 { usleep(1000) }
    stop.store(true, ordering: .relaxed)
    for reader in readers { reader.join() }
    #expect(failures.load(ordering: .relaxed) == 0)
    #expect(fixture.environment.mapSize == 12 << 20)
  }
}
