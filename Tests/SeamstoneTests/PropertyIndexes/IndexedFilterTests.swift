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

/// Filters give the same objects with property indexes and without, whatever happens in between.
/// `SEAMSTONE_SEED` replays a failure.
@Suite struct IndexedFilterTests {
  private static let seed = TestSettings.seed

  /// Composed and decomposed texts are equal to Swift's `String`; `like` and `contains` tell them apart, so what
  /// was remembered of one filter must not answer the other.
  @Test func filtersThatDifferOnlyInTheirUnicodeFormAreNotTakenForEachOther() throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(at: directory.file("store.seam"))
    defer { store.close() }
    let names = try store.collection("names", .init(dimensions: 1, metric: .l2Squared))
    let forms = ["caf\u{E9}", "cafe\u{301}"]
    try names.upsert(
      forms.map {
        VectorObject(
          id: .int(Int64($0.utf8.count)), vector: [1],
          properties: ["name": .string("\($0) au lait")])
      })
    func found(_ filter: Filter) throws -> [ObjectID] {
      try names.search(near: [1], where: filter).map(\.id)
    }
    let filters: [(String) -> Filter] = [
      { Field("name").like("\($0)*") }, { Field("name").contains($0) },
    ]
    let unindexed = try filters.map { filter in try forms.map { try found(filter($0)) } }
    #expect(unindexed == [[[5], [6]], [[5], [6]]])
    try names.createPropertyIndex("name")
    for (filter, expected) in zip(filters, unindexed) {
      #expect(filter(forms[0]) == filter(forms[1]))
      // Each of them twice, in turn: the second time they are remembered.
      for round in 0..<4 {
        #expect(
          try found(filter(forms[round % 2])) == expected[round % 2], "\(filter(forms[round % 2]))")
      }
    }
  }

  /// A collection and what it should hold.
  private final class Run {
    let directory: TemporaryDirectory
    var store: Store
    var collection: Collection
    var maker: ValueMaker
    var model: [ObjectID: [String: PropertyValue]] = [:]
    var vectors: Set<ObjectID> = []
    let planning: FilterPlanning

    init(seed: UInt64, planning: FilterPlanning) throws {
      directory = try TemporaryDirectory()
      maker = ValueMaker(seed: seed)
      self.planning = planning
      store = try Store.open(
        at: FilePath(directory.path + "/store.seam"), options: StoreFixture.options())
      var configuration = StoreFixture.configuration(dimensions: 6, metric: .l2Squared)
      configuration.filtering = planning
      collection = try store.collection("things", configuration)
    }

    deinit { store.close() }

    func reopen() throws {
      store.close()
      store = try Store.open(
        at: FilePath(directory.path + "/store.seam"), options: StoreFixture.options())
      collection = try store.collection("things")
    }

    func vector() -> [Float] { (0..<6).map { _ in maker.random.gaussian() } }

    func upsert(_ count: Int, ids: Int) throws {
      var objects: [VectorObject] = []
      for _ in 0..<count {
        let id = ObjectID.int(Int64.random(in: 0..<Int64(ids), using: &maker.random))
        let object = VectorObject(
          id: id, vector: maker.chance(8) ? nil : vector(), properties: maker.properties())
        objects.append(object)
        model[id] = object.properties
        if object.vector == nil { vectors.remove(id) } else { vectors.insert(id) }
      }
      try collection.upsert(objects)
    }

    func update(_ count: Int) throws {
      for id in model.keys.sorted().shuffled(using: &maker.random).prefix(count) {
        let properties = maker.properties()
        try collection.updateProperties(of: id, to: properties)
        model[id] = properties
      }
    }

    func delete(_ count: Int) throws {
      let ids = Array(model.keys.sorted().shuffled(using: &maker.random).prefix(count))
      try collection.delete(ids: ids)
      for id in ids {
        model[id] = nil
        vectors.remove(id)
      }
    }

    /// Compares all answers to some filters with the model.
    func check(filters: Int) throws {
      for _ in 0..<filters {
        let filter = maker.filter()
        let all = Set(model.filter { filter.matches($0.value, id: $0.key) }.keys)
        let matching = all.intersection(vectors)
        let query = vector()
        for _ in 0..<2 {  // the second time from what the first found out
          let found = try collection.searchIDs(near: query, limit: model.count + 1, where: filter)
          try require(
            Set(found.map(\.id)) == matching, "\(filter): all \(found.count) of \(matching.count)")
        }
        let few = try collection.searchIDs(near: query, limit: 4, where: filter)
        try require(
          few.count == min(4, matching.count), "\(filter): \(few.count) of \(matching.count)")
        try require(few.allSatisfy { matching.contains($0.id) }, "\(filter): others")
        let exact = try collection.searchIDs(near: query, limit: 4, where: filter, exact: true)
        let truth = try collection.read { (reader) throws(StoreError) in
          var request = SearchRequest(
            vector: .floats(query), limit: 4, filter: filter, isExact: true)
          request.ignoresPropertyIndexes = true
          return try reader.searchIDs(request)
        }
        try require(exact == truth, "\(filter): exact")
        let listed = try collection.read { (reader) throws(StoreError) in
          try reader.ids(matching: filter)
        }
        try require(Set(listed) == all && listed.count == all.count, "\(filter): listed")
      }
    }

    private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
      if !condition { throw ModelMismatch(message()) }
    }

    func verify() throws {
      let findings = try store.verify(deep: true).findings
      if !findings.isEmpty { throw ModelMismatch("\(findings.map(\.message))") }
    }
  }

  private static let plannings: [FilterPlanning] = [
    FilterPlanning(), FilterPlanning(flatSearchCutoff: 0, strategy: .acorn),
    FilterPlanning(flatSearchCutoff: 0, strategy: .sweeping),
  ]

  @Test(arguments: plannings.indices, 0..<3)
  func agreeWithAndWithout(planning: Int, round: Int) throws {
    let seed = Self.seed ?? UInt64(planning * 10 + round)
    do {
      let run = try Run(seed: seed, planning: Self.plannings[planning])
      try run.upsert(150, ids: 200)
      for path in ValueMaker.paths.prefix(round == 0 ? 6 : 3) {
        try run.collection.createPropertyIndex(path)
      }
      for step in 0..<8 {
        try run.upsert(60, ids: 300)
        try run.update(10)
        try run.delete(15)
        if step % 2 == 0 { try run.store.runBackgroundWork(isIdle: step % 4 == 0) }
        if step == 3 { try run.collection.createPropertyIndex("when") }
        if step == 4 { try run.collection.dropPropertyIndex("a") }
        if step == 5 { try run.reopen() }
        if step == 6 { try run.collection.compact(full: true) }
        try run.check(filters: 10)
        try run.verify()
      }
    } catch {
      Issue.record("seed \(seed), \(Self.plannings[planning]): \(error)")
    }
  }

  /// As after `kill -9`: the files as they are at some moment, opened elsewhere.
  private func copy(_ source: String, to target: String) throws {
    try TemporaryDirectory.copyTree(source, to: target, except: ["lock.mdb", "writer.lock"])
  }

  @Test func anAbandonedBuildGoesOn() throws {
    let run = try Run(seed: 77, planning: FilterPlanning())
    try run.upsert(600, ids: 600)
    let number = run.collection.number
    try run.store.core.write { (context) throws(StoreError) in
      try context.addPropertyIndex("a", to: number)
      // No time at all: 64 objects.
      try context.extendPropertyIndexes(of: number, for: .zero)
    }
    #expect(try run.collection.propertyIndexes == [PropertyIndex(path: "a", isComplete: false)])
    // Objects in the index and beyond it change; filters do without it.
    try run.update(100)
    try run.upsert(50, ids: 700)
    try run.delete(30)
    try run.check(filters: 20)
    try run.verify()

    let killed = run.directory.path + "/killed.seam"
    try copy(run.directory.path + "/store.seam", to: killed)
    let store = try Store.open(at: FilePath(killed), options: StoreFixture.options())
    defer { store.close() }
    let collection = try store.collection("things")
    #expect(try collection.propertyIndexes.map(\.isComplete) == [false])
    try store.runBackgroundWork()
    #expect(try collection.propertyIndexes.map(\.isComplete) == [true])
    #expect(try store.verify(deep: true).findings.isEmpty)

    try run.collection.createPropertyIndex("a")
    #expect(try run.collection.propertyIndexes.map(\.isComplete) == [true])
    try run.check(filters: 40)
    try run.verify()
  }

  @Test func anAbandonedDropGoesOn() throws {
    let run = try Run(seed: 78, planning: FilterPlanning())
    try run.upsert(200, ids: 300)
    try run.collection.createPropertyIndex("a")
    let number = run.collection.number
    try run.store.core.write { (context) throws(StoreError) in
      try context.dropPropertyIndex("a", of: number)
    }
    #expect(try run.collection.propertyIndexes.isEmpty)
    try run.upsert(100, ids: 300)
    try run.check(filters: 20)
    // Another of the same name has terms of its own.
    try run.collection.createPropertyIndex("a")
    try run.reopen()
    try run.check(filters: 20)
    try run.verify()
    let entries = run.store.core.states.current.collections[number]?.propertyIndexes.entries
    #expect(entries?.count == 1)
  }

  @Test func theStoreFinishesBuildsByItself() throws {
    let directory = try TemporaryDirectory()
    let path = FilePath(directory.path + "/store.seam")
    let store = try Store.open(at: path, options: StoreFixture.options(manual: false))
    defer { store.close() }
    let collection = try store.collection("things", .init(dimensions: 2))
    try collection.upsert(
      (0..<300).map { VectorObject(id: .int($0), vector: [1, 2], properties: ["n": .int($0)]) })
    try store.core.write { [number = collection.number] (context) throws(StoreError) in
      try context.addPropertyIndex("n", to: number)
    }
    #expect(waitUntil { (try? collection.propertyIndexes.map(\.isComplete)) == [true] })
  }

  @Test func aReadOnlyCollectionGetsNoIndex() throws {
    let bench = try StoreBench()
    try bench.collection.setReadOnly(true)
    #expect(throws: StoreError.self) { try bench.collection.createPropertyIndex("n") }
    #expect(try bench.collection.propertyIndexes.isEmpty)
    try bench.collection.setReadOnly(false)
    #expect(throws: StoreError.self) { try bench.collection.dropPropertyIndex("n") }
    try bench.collection.createPropertyIndex("n")
    try bench.collection.createPropertyIndex("n")
    #expect(try bench.collection.propertyIndexes.count == 1)
  }

  @Test func droppingACollectionFreesItsIndexes() throws {
    let bench = try StoreBench()
    try bench.upsert(0..<300)
    try bench.collection.createPropertyIndex("n")
    try bench.store.dropCollection("things")
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
    let again = try bench.store.collection("things", .init(dimensions: 8))
    #expect(try again.propertyIndexes.isEmpty)
    try again.upsert(bench.object(1))
    try again.createPropertyIndex("n")
    #expect(try again.search(near: bench.vector(), where: StoreFixture.filter(n: 1)).count == 1)
  }

  @Test(arguments: [1, 10, 100, 500, 990, 1_000])
  func enoughResultsAtEverySelectivity(matches: Int) throws {
    let bench = try StoreBench(seed: UInt64(matches))
    let filter: Filter = Field("rank") < matches
    for start in stride(from: 0, to: 1_000, by: 100) {
      // Whether an object matches follows from its distance to (3, 3, …): the query is near all of
      // them, or far from all.
      try bench.collection.upsert(
        (start..<start + 100).map { id in
          let rank = id * 7 % 1_000
          let vector = (0..<8).map { _ in Float(rank) / 300 + bench.random.gaussian() * 0.1 }
          return VectorObject(
            id: .int(Int64(id)), vector: vector, properties: ["rank": .int(Int64(rank))])
        })
    }
    try bench.store.runBackgroundWork()
    try bench.collection.createPropertyIndex("rank")
    for planning in Self.plannings {
      try bench.collection.reconfigure(filtering: planning)
      for query in [[Float](repeating: 0, count: 8), [Float](repeating: 3.3, count: 8)] {
        let found = try bench.collection.search(near: query, limit: 20, where: filter)
        #expect(found.count == min(20, matches), "\(planning)")
        let exact = try bench.collection.search(near: query, limit: 20, where: filter, exact: true)
        let right = Set(found.map(\.id)).intersection(exact.map(\.id)).count
        #expect(
          right * 10 >= exact.count * 9, "\(planning) \(query[0]): \(right) of \(exact.count)")
      }
    }
  }
}
