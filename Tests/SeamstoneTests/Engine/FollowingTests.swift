import ObjectStorage
import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// How a reader process gets from one version to the next: at the price of what changed, and to the
/// same state that it would have if it had just opened the store.
@Suite struct FollowingTests {
  /// What a reader process does, beside a writer in this process.
  private struct Follower {
    let core: StoreCore
    let loader: StateLoader
    var state: StoreState

    init(_ store: Store) throws {
      core = store.core
      loader = Self.loader(core)
      state = try Self.load(loader, core, reusing: nil)
    }

    static func loader(_ core: StoreCore) -> StateLoader {
      StateLoader(
        fileSystem: core.fileSystem, reaper: core.reaper, paths: StorePaths(core.path),
        environment: core.environment, catalog: core.catalog, engines: core.engines,
        quarantine: nil)
    }

    static func load(
      _ loader: StateLoader, _ core: StoreCore, reusing previous: StoreState?
    ) throws -> StoreState {
      let tables = core.states.current.collections.mapValues(\.tables)
      return try core.withReadTransaction { (transaction) throws(StoreError) in
        try loader.load(transaction, tables: tables, reusing: previous)
      }
    }

    /// Follows to the newest version; answers what that read.
    mutating func follow() throws -> (tailRows: Int, deleteRecords: Int) {
      let before = (loader.work.tailRows, loader.work.deleteRecords)
      state = try Self.load(loader, core, reusing: state)
      return (loader.work.tailRows - before.0, loader.work.deleteRecords - before.1)
    }

    /// Throws unless every collection has the rows that a fresh load has.
    func requireFresh() throws {
      let fresh = try Self.load(Self.loader(core), core, reusing: nil)
      guard state.collections.count == fresh.collections.count else {
        throw ModelMismatch("\(state.collections.count) of \(fresh.collections.count) collections")
      }
      for (number, expected) in fresh.collections {
        guard let own = state.collections[number] else {
          throw ModelMismatch("\(number) is missing")
        }
        guard rows(of: own.tail) == rows(of: expected.tail) else {
          throw ModelMismatch("the tails differ")
        }
        guard own.segments.map(\.entry) == expected.segments.map(\.entry) else {
          throw ModelMismatch("the segments differ")
        }
        for (left, right) in zip(own.segments, expected.segments)
        where left.deleted?.words ?? [] != right.deleted?.words ?? []
          || left.filter?.allowedCount != right.filter?.allowedCount
        {
          throw ModelMismatch("the deleted rows of segment \(left.entry.number) differ")
        }
        guard own.counters == expected.counters else { throw ModelMismatch("the counters differ") }
      }
    }

    private func rows(of tail: TailView) -> [UInt64: VectorValue] {
      var rows: [UInt64: VectorValue] = [:]
      for part in tail.parts {
        for row in part.start..<part.end where part.isLive(row) {
          rows[part.chunk.docID(at: row)] = part.chunk.shape.value(
            copying: part.chunk.original(at: row))
        }
      }
      return rows
    }
  }

  @Test func aSmallCommitIsFollowedAtItsOwnPrice() throws {
    let bench = try StoreBench(seed: 161)
    try bench.fill(400, step: 50)
    try bench.upsert(400..<450)
    try bench.delete(0..<20)
    var follower = try Follower(bench.store)
    #expect(follower.loader.work.tailRows >= 50)
    #expect(follower.loader.work.deleteRecords >= 20)
    // Nothing but one new row.
    try bench.upsert(1_000..<1_001)
    #expect(try follower.follow() == (1, 0))
    try follower.requireFresh()
    // Properties only: no row at all.
    try bench.collection.updateProperties(of: 1_000, to: ["n": 5])
    #expect(try follower.follow() == (0, 0))
    // One row of the tail replaced: its delete record is among the others.
    try bench.upsert(1_000..<1_001)
    let work = try follower.follow()
    #expect(work.tailRows == 1 && work.deleteRecords > 0)
    try follower.requireFresh()
  }

  @Test func followingManyCommitsEndsWhereAFreshLoadDoes() throws {
    for seed in 0..<3 as Range<UInt64> {
      let bench = try StoreBench(seed: 170 + seed)
      var follower = try Follower(bench.store)
      for step in 0..<60 {
        switch Int.random(in: 0..<10, using: &bench.random) {
        case 0..<4:
          let start = Int.random(in: 0..<400, using: &bench.random)
          try bench.upsert(start..<(start + Int.random(in: 1...40, using: &bench.random)))
        case 4..<6:
          let start = Int.random(in: 0..<400, using: &bench.random)
          try bench.delete(start..<(start + Int.random(in: 1...15, using: &bench.random)))
        case 6..<8: try bench.store.runBackgroundWork(isIdle: false)
        case 8: try bench.collection.compact(full: Bool.random(using: &bench.random))
        default:
          let other = "other \(Int.random(in: 0..<2, using: &bench.random))"
          if try bench.store.collectionNames().contains(other) {
            try bench.store.dropCollection(other)
          } else {
            let collection = try bench.store.collection(
              other, StoreFixture.configuration(dimensions: nil, metric: .dot))
            try collection.upsert(VectorObject(id: 1, vector: [1, 2], properties: [:]))
          }
        }
        // Not every version is followed.
        if Bool.random(using: &bench.random) { continue }
        do {
          _ = try follower.follow()
          try follower.requireFresh()
        } catch { throw ModelMismatch("seed \(170 + seed), step \(step): \(error)") }
      }
    }
  }
}
