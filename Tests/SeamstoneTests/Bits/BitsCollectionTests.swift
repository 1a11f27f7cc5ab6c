import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// Collections of packed bits, through their whole life.
@Suite struct BitsCollectionTests {
  private func bench(
    _ dimensions: Int = 64, isFlat: Bool = false, seed: UInt64 = 7
  ) throws -> StoreBench {
    try StoreBench(
      dimensions: dimensions, metric: .hamming, elementType: .bits, isFlat: isFlat, seed: seed)
  }

  @Test(arguments: [(8, true), (24, false), (64, false), (256, true), (1_000, false)])
  func answersAreThoseOfADictionaryAllTheWay(dimensions: Int, isFlat: Bool) throws {
    let bench = try bench(dimensions, isFlat: isFlat)
    try bench.upsert(0..<40)
    try bench.check()
    try bench.fill(600)
    try bench.check()
    try bench.upsert(100..<140)
    try bench.collection.compact(full: true)
    try bench.check()
    #expect(bench.state?.segments.allSatisfy { $0.handle?.index.plan == .bits } == true)
    #expect(
      bench.state?.segments.allSatisfy { $0.handle?.index.reproducesOriginals == true } == true)
    try bench.reopen()
    try bench.check()
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }

  @Test func aGraphIsBuiltAndFindsWhatAnExactSearchFinds() throws {
    let bench = try bench(128)
    for start in stride(from: 0, to: 900, by: 100) { try bench.upsert(start..<start + 100) }
    try bench.collection.compact(full: true)
    #expect(bench.largestSegment?.handle?.index.hasGraph == true)
    try bench.check(queries: 30)
  }

  @Test func bucketsAnswerAsADictionaryDoes() throws {
    let bench = try bench(64)
    try bench.collection.reconfigure(index: .hash(bits: 8, flips: 1))
    try bench.fill(700)
    try bench.check()
    try bench.collection.compact(full: true)
    #expect(bench.largestSegment?.handle?.index.kind == .hash(.init(bits: 8)))
    try bench.check()
    try bench.delete(stride(from: 1, to: 700, by: 3))
    for _ in 0..<10 {
      let hits = try bench.collection.search(near: bench.value(), limit: 10)
      #expect(hits.count == 10)
    }
    try bench.reopen()
    try bench.check()
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
    try bench.collection.reconfigure(index: .hnsw(m: 8))
    try bench.collection.compact(full: true)
    #expect(bench.largestSegment?.handle?.index.hasGraph == true)
    try bench.check()
  }

  @Test func listsAnswerAsADictionaryDoesAndShareTheirCentroids() throws {
    let bench = try bench(64)
    try bench.collection.reconfigure(index: .ivf(lists: 6, probes: 6))
    try bench.fill(700)
    try bench.check()
    try bench.collection.compact(full: true)
    let first = try #require(bench.largestSegment?.handle?.index)
    #expect(first.kind == .ivf(.init(lists: 6)))
    try bench.check()
    try bench.delete(stride(from: 1, to: 700, by: 3))
    try bench.upsert(900..<1_000)
    try bench.collection.compact(full: true)
    let second = try #require(bench.largestSegment?.handle?.index)
    #expect(second.count != first.count && second.artifactIdentifier == first.artifactIdentifier)
    try bench.check()
    try bench.reopen()
    try bench.check()
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }

  @Test func boundsOnTheDistanceCountBits() throws {
    let bench = try bench(16)
    try bench.upsert(0..<300)
    for round in 0..<2 {
      for bound in [0, 3, 7.5, 16] as [Float] {
        let query = bench.value()
        let wanted = bench.model.search(query, limit: 300).filter { $0.distance <= bound }
        let found = try bench.collection.nearVector(NearVector(value: query, distance: bound))
        #expect(found.hits.map(\.id) == wanted.map(\.id) && !found.truncated)
        #expect(found.hits.map(\.distance) == wanted.map(\.distance))
      }
      let own = try #require(try bench.collection.get(9)?.value)
      let near = try bench.collection.nearObject(9, NearVector(vector: [], distance: 4))
      #expect(
        near.hits.map(\.id)
          == bench.model.search(own, limit: 300).filter { $0.distance <= 4 && $0.id != 9 }.map(\.id)
      )
      #expect(throws: StoreError.self) {
        try bench.collection.nearVector(NearVector(vector: [1, 2], distance: 3))
      }
      #expect(throws: StoreError.self) {
        try bench.collection.nearVector(NearVector(value: .bits([1, 2]), certainty: 0.5))
      }
      if round == 0 { try bench.collection.compact(full: true) }
    }
  }

  @Test func bytesComeBackAsTheyWereGiven() throws {
    let bench = try bench(24)
    let given: [[UInt8]] = [
      [0, 0, 0], [255, 255, 255], [0x80, 1, 0x7F], [0, 6, 0], [0, 0, 0],
    ]
    try bench.collection.upsert(
      given.enumerated().map { VectorObject(id: .int(Int64($0)), bits: $1) })
    for round in 0..<2 {
      for (id, bits) in given.enumerated() {
        let object = try #require(try bench.collection.get(.int(Int64(id))))
        #expect(object.bits == bits)
        #expect(object.vector == nil)
      }
      var seen: [[UInt8]] = []
      try bench.store.snapshot().collection("things").forEachObject { object in
        seen.append(object.bits ?? [])
        return true
      }
      #expect(seen == given)
      let hits = try bench.collection.search(
        near: .bits([0x80, 1, 0x7F]), limit: 5, includingVectors: true)
      #expect(hits.first?.object.bits == [0x80, 1, 0x7F])
      #expect(hits.map(\.distance) == [0, 9, 9, 11, 15])
      #expect(hits.map(\.id) == [2, 0, 4, 3, 1])
      if round == 0 { try bench.collection.compact(full: true) }
    }
  }

  @Test func everyFormOfSearchTakesBits() throws {
    let bench = try bench(16)
    try bench.upsert(0..<50)
    let query = bench.value()
    let wanted = bench.model.search(query, limit: 4)
    let collection = bench.collection
    let hits = try collection.search(near: query, limit: 4)
    #expect(hits.map(\.id) == wanted.map(\.id))
    #expect(try collection.searchIDs(near: query, limit: 4).map(\.id) == wanted.map(\.id))
    #expect(try collection.search(near: [query, query], limit: 4) == [hits, hits])
    let snapshot = try bench.store.snapshot().collection("things")
    #expect(try snapshot.search(near: query, limit: 4).map(\.id) == wanted.map(\.id))
    #expect(try snapshot.search(near: [query], limit: 4).first?.map(\.id) == wanted.map(\.id))
    let near = try collection.search(nearID: 7, limit: 3)
    let own = try #require(try collection.get(7)?.value)
    #expect(
      near.map(\.id)
        == Array(bench.model.search(own, limit: 50).map(\.id).filter { $0 != 7 }.prefix(3)))
  }

  @Test func asynchronousSearchesTakeBits() async throws {
    let bench = try bench(16)
    try bench.upsert(0..<50)
    let query = bench.value()
    let wanted = bench.model.search(query, limit: 4).map(\.id)
    #expect(try await bench.collection.search(near: query, limit: 4).map(\.id) == wanted)
    #expect(
      try await bench.collection.search(near: [query], limit: 4).map { $0.map(\.id) } == [wanted])
  }

  @Test func whatDoesNotFitChangesNothing() throws {
    let bench = try bench(16)
    try bench.upsert(0..<5)
    let collection = bench.collection
    func refusal(_ body: () throws(StoreError) -> Void) -> StoreError? {
      do throws(StoreError) {
        try body()
        return nil
      } catch { return error }
    }
    let short = refusal { () throws(StoreError) in
      try collection.upsert([VectorObject(id: 90, bits: [1, 2]), VectorObject(id: 91, bits: [1])])
    }
    #expect(short?.code == .dimensionMismatch)
    #expect(short?.message.contains("8 dimensions") == true)
    let floats = refusal { () throws(StoreError) in
      try collection.upsert(VectorObject(id: 92, vector: [Float](repeating: 1, count: 16)))
    }
    #expect(floats?.code == .invalidArgument)
    #expect(floats?.remedy?.contains("VectorValue.bits") == true)
    #expect(
      refusal { () throws(StoreError) in try collection.upsert(VectorObject(id: 93, bits: [])) }?
        .code == .invalidArgument)
    for query in [VectorValue.floats([Float](repeating: 0, count: 16)), .bits([1]), .bits([])] {
      #expect(
        refusal { () throws(StoreError) in _ = try collection.search(near: query) } != nil)
    }
    let other = try bench.store.createCollection("numbers", .init(dimensions: 16))
    #expect(
      refusal { () throws(StoreError) in
        try other.upsert(VectorObject(id: 1, bits: [1, 2]))
      }?.code == .invalidArgument)
    #expect(
      refusal { () throws(StoreError) in _ = try other.search(near: .bits([1, 2])) }?.code
        == .invalidArgument)
    #expect(try other.count() == 0)
    try bench.check()
  }

  @Test func theFirstVectorDecidesTheDimensions() throws {
    let bench = try bench()
    let collection = try bench.store.createCollection("open", .init(elementType: .bits))
    try collection.upsert(VectorObject(id: 1, bits: [1, 2, 3]))
    #expect(try collection.configuration().dimensions == 24)
    #expect(try collection.configuration().metric == .hamming)
    #expect(try collection.configuration().encoding == .bits)
  }

  @Test func aReplacedObjectWithTheSameBitsKeepsItsPlace() throws {
    let bench = try bench(32)
    try bench.upsert(0..<20)
    let before = bench.state?.counters.nextDocID
    let object = try #require(try bench.collection.get(3))
    try bench.collection.upsert(VectorObject(id: 3, bits: object.bits ?? [], properties: ["n": 9]))
    #expect(bench.state?.counters.nextDocID == before)
    var bits = object.bits ?? []
    bits[0] ^= 1
    try bench.collection.upsert(VectorObject(id: 3, bits: bits))
    #expect(try #require(bench.state?.counters.nextDocID) == (before ?? 0) + 1)
    #expect(try bench.collection.get(3)?.bits == bits)
  }

  @Test func aRestoredBackupHoldsTheSameBits() throws {
    let bench = try bench(40)
    try bench.fill(300)
    let copy = FilePath(bench.directory.path + "/copy.seam")
    _ = try bench.store.backup(to: copy, verifying: true)
    let restored = FilePath(bench.directory.path + "/restored.seam")
    _ = try Store.restore(from: copy, to: restored)
    let store = try Store.open(at: restored, options: StoreFixture.options())
    defer { store.close() }
    _ = try ModelComparison(try store.collection("things"), bench.model)
      .checkAll(queries: 3, random: &bench.random, dimensions: 40)
  }
}
