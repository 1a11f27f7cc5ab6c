import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// The same search in all its forms: ids alone, near an object, many at once, typed, in a snapshot.
@Suite struct SearchFormsTests {
  private struct Note: VectorRecord, Equatable {
    var id: Int
    var text: String
    var vector: [Float]
  }

  @Test func idsComeWithTheirDistancesAndNothingElse() throws {
    let bench = try StoreBench(seed: 181)
    try bench.fill(300)
    for _ in 0..<10 {
      let query = bench.vector()
      for isExact in [false, true] {
        let ids: [IDHit] = try bench.collection.searchIDs(near: query, limit: 7, exact: isExact)
        let hits = try bench.collection.search(near: query, limit: 7, exact: isExact)
        #expect(ids == hits.map { IDHit(id: $0.id, distance: $0.distance) })
        #expect(ids.count == 7)
      }
    }
    #expect(throws: StoreError.self) { try bench.collection.searchIDs(near: [1]) }
  }

  /// The index proposes a few more candidates than results; a narrower beam than those is no beam.
  @Test func aBeamBelowTheShortlistActsAsTheShortlist() throws {
    let bench = try StoreBench(seed: 184)
    try bench.upsert(0..<600)
    try bench.collection.compact(full: true)
    #expect(bench.state?.segments.first?.handle?.index.hasGraph == true)
    for _ in 0..<10 {
      let query = bench.value()
      let narrow = try bench.collection.searchIDs(near: query, limit: 10, ef: 14)
      #expect(narrow.count == 10)
      for ef in [1, 9, 10, 13] {
        #expect(try bench.collection.searchIDs(near: query, limit: 10, ef: ef) == narrow)
      }
      let cost = try bench.collection.meanDistances(near: [query], limit: 10, ef: 14)
      #expect(try bench.collection.meanDistances(near: [query], limit: 10, ef: 1) == cost)
      #expect(try bench.collection.meanDistances(near: [query], limit: 10, ef: 60) > cost)
    }
  }

  @Test func aSnapshotSearchesNearAnObjectAndForManyQueries() throws {
    let bench = try StoreBench(seed: 182)
    try bench.upsert(0..<200)
    let queries = (0..<5).map { _ in bench.vector() }
    let near = try bench.collection.search(nearID: 3, limit: 5, exact: true, includingVectors: true)
    let many = try queries.map {
      try bench.collection.search(near: $0, limit: 4, includingVectors: true)
    }
    let snapshot = try bench.store.snapshot()
    let things = try snapshot.collection("things")
    try bench.delete(0..<100)
    try bench.upsert(500..<600)
    #expect(try things.search(nearID: 3, limit: 5, exact: true) == near)
    #expect(!near.contains { $0.id == 3 } && near.count == 5)
    #expect(try things.search(near: queries, limit: 4) == many)
    #expect(try things.search(near: [[Float]](), limit: 4).isEmpty)
    for id in [ObjectID.int(500), "nobody"] {
      do throws(StoreError) {
        _ = try things.search(nearID: id)
        Issue.record("found \(id)")
      } catch { #expect(error.code == .notFound) }
    }
    #expect(throws: StoreError.self) { try things.search(nearID: 3, limit: -1) }
    snapshot.close()
    #expect(throws: StoreError.self) { try things.search(nearID: 3) }
    #expect(throws: StoreError.self) { try things.search(near: queries) }
  }

  @Test func recordsAreUpdatedAndSearchedInBatches() throws {
    let bench = try StoreBench(seed: 183)
    let notes = try bench.store.collection(
      "notes", of: Note.self, StoreFixture.configuration(dimensions: 2, metric: .l2Squared))
    let all = (0..<40).map { Note(id: $0, text: "note \($0)", vector: [Float($0), 0]) }
    try bench.store.write { batch in
      try batch.upsert(Array(all[..<30]), into: notes)
      try batch.upsert(Array(all[30...]), into: notes)
      try batch.delete(ids: [39], from: notes)
    }
    #expect(try notes.count() == 39)
    let before = try notes.collection.state { $0.counters.nextDocID }
    try notes.updateProperties(of: Note(id: 7, text: "seven", vector: []))
    try bench.store.write { batch in
      try batch.updateProperties(of: Note(id: 8, text: "eight", vector: [9, 9]), in: notes)
    }
    #expect(try notes.get(7) == Note(id: 7, text: "seven", vector: [7, 0]))
    #expect(try notes.get(8) == Note(id: 8, text: "eight", vector: [8, 0]))
    #expect(try notes.collection.state { $0.counters.nextDocID } == before)
    do throws(StoreError) {
      try notes.updateProperties(of: Note(id: 39, text: "", vector: []))
      Issue.record("a record that does not exist was updated")
    } catch { #expect(error.code == .notFound) }
    let answers = try notes.search(near: [[7, 0], [8, 0], [20, 0]], limit: 1, threads: 2)
    #expect(answers.map { $0.first?.object.text } == ["seven", "eight", "note 20"])
    #expect(answers[2].first?.object.vector == [20, 0])
  }
}
