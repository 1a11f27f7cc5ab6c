import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a store takes after long churn, compared with one that was given the same live data at once.
/// `SEAMSTONE_GROWTH_ROUNDS` sets how often a tenth of the objects is replaced; 15 without it.
@Suite struct GrowthTests {
  private static let rounds =
    TestSettings.number("SEAMSTONE_GROWTH_ROUNDS") ?? 15
  private static let rows = 1_500

  private func diskBytes(_ bench: StoreBench) throws -> Int {
    try bench.store.statistics().diskBytes
  }

  private func segments(_ bench: StoreBench) throws -> [UInt64] {
    try bench.store.statistics().collections.flatMap { $0.segments.map(\.id) }
  }

  @Test func churnLeavesLittleBehind() throws {
    let options = StoreFixture.options(sealRows: 100, graphRows: 400)
    let bench = try StoreBench(dimensions: 24, seed: 61, options: options)
    try bench.upsert(0..<Self.rows)
    for round in 0..<Self.rounds {
      let start = round * 131 % (Self.rows - 150)
      try bench.upsert(start..<start + 120)
      try bench.delete(start + 120..<start + 150)
      try bench.upsert(start + 120..<start + 150)
      try bench.store.runBackgroundWork(isIdle: round.isMultiple(of: 3))
    }
    try bench.store.compact()
    try bench.store.runBackgroundWork()
    // At rest nothing is left to do: asking again changes nothing.
    let atRest = try segments(bench)
    try bench.store.runBackgroundWork()
    try bench.store.compact()
    #expect(try segments(bench) == atRest)

    let fresh = try StoreBench(dimensions: 24, seed: 61, options: options)
    let live = try bench.collection.get(bench.model.entries.keys.sorted { "\($0)" < "\($1)" })
    for start in stride(from: 0, to: live.count, by: 500) {
      try fresh.collection.upsert(live[start..<min(live.count, start + 500)].compactMap(\.self))
    }
    try fresh.store.compact()
    try fresh.store.runBackgroundWork()
    let (churned, imported) = (try diskBytes(bench), try diskBytes(fresh))
    print("\(Self.rounds) rounds of churn: \(churned) bytes, \(imported) freshly imported, seed 61")
    #expect(Double(churned) <= 1.5 * Double(imported), "\(churned) \(imported)")
    try ModelComparison(bench.collection, bench.model).checkObjects()
  }
}
