import Seamstone
import StoreModel
import TestSupport
import Testing

/// The life of one collection: everything that every pair of the table must do.
final class ConformanceRun {
  let pair: ConformancePair
  private let data: ConformanceData
  private let directory: TemporaryDirectory
  private var store: Store
  private var collection: Collection
  /// What lives, by id.
  private var live: [Int64: VectorValue] = [:]

  init(_ pair: ConformancePair, _ data: ConformanceData) throws {
    self.pair = pair
    self.data = data
    directory = try TemporaryDirectory()
    store = try Store.open(at: directory.file("c.seam"), options: Self.options)
    collection = try store.collection("c", pair.configuration)
  }

  deinit { store.close() }

  private static var options: StoreOptions {
    var options = StoreFixture.options(sealRows: 5_000, graphRows: 100)
    options.durability = .relaxed
    options.indexKinds = [PlainScan()]
    return options
  }

  private func write(_ rows: some Sequence<Int>, vector: (Int) -> [Float]) throws {
    let objects = rows.map { row in
      VectorObject(
        id: .int(Int64(row)), value: ConformanceData.adapted(vector(row), to: pair),
        properties: ["n": .int(Int64(row % 5))])
    }
    try collection.upsert(objects)
    for object in objects {
      if case .int(let id) = object.id { live[id] = object.value }
    }
  }

  // MARK: - The steps

  /// Nothing, and one vector.
  func small() throws {
    let query = ConformanceData.adapted(data.queries[0], to: pair)
    #expect(try collection.search(near: query, limit: 3).isEmpty)
    try write(0..<1) { data.vectors[$0] }
    #expect(try collection.search(near: query, limit: 3).map(\.id) == [.int(0)])
    try collection.compact(full: true)
    #expect(try collection.search(near: query, limit: 3).map(\.id) == [.int(0)])
  }

  /// All vectors; some of them equal, some zero.
  func load() throws {
    let width = data.vectors[0].count
    try write(0..<data.vectors.count) { row in
      switch row % 40 {
      case 7: data.vectors[7]
      case 13: [Float](repeating: 0, count: width)
      default: data.vectors[row]
      }
    }
    if pair.kind != .annoy { try index() }
  }

  /// Replaces and deletes.
  func change() throws {
    let count = data.vectors.count
    try write(20..<30) { data.vectors[count - 1 - $0].reversed() }
    let gone = Array(40..<55) + [7]
    #expect(try collection.delete(ids: gone.map { .int(Int64($0)) }) == gone.count)
    for id in gone { live[Int64(id)] = nil }
  }

  /// Brings the index to rest, and looks at what it is.
  func index() throws {
    if pair.kind == .annoy { try collection.build() } else { try collection.compact(full: true) }
    let segment = try #require(try collection.statistics().segments.first)
    #expect(segment.kind == pair.segmentKind && segment.deleted == 0)
    let isTrained = pair.encoding.name == "pq" && !data.isFull
    #expect(segment.encoding.hasPrefix(isTrained ? "int8" : pair.encoding.name))
  }

  func reopen() throws {
    store.close()
    store = try Store.open(at: directory.file("c.seam"), options: Self.options)
    collection = try store.collection("c")
  }

  // MARK: - What is found

  /// Answers are complete, live, in order and exact, and near enough to the true ones.
  func check() throws {
    var found = 0
    for query in data.queries.map({ ConformanceData.adapted($0, to: pair) }) {
      let exact = try collection.searchIDs(near: query, limit: live.count, exact: true)
      #expect(exact.count == live.count)
      let distances = Dictionary(uniqueKeysWithValues: exact.map { ($0.id, $0.distance) })
      let hits = try collection.searchIDs(near: query, limit: 10)
      #expect(hits.count == 10 && Set(hits.map(\.id)).count == 10)
      #expect(hits.allSatisfy { distances[$0.id] == $0.distance })
      #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.distance <= $1.distance })
      found += hits.filter { $0.distance <= exact[9].distance }.count
    }
    let recall = Double(found) / Double(10 * data.queries.count)
    #expect(recall >= pair.leastRecall, "\(pair.testDescription): recall \(recall)")
  }

  /// Every vector finds itself or an equal one.
  func findsThemselves() throws {
    for (id, vector) in live.sorted(by: { $0.key < $1.key }).prefix(60) where id % 9 == 0 {
      let nearest = try collection.searchIDs(near: vector, limit: 1, exact: true)
      let hits = try collection.searchIDs(near: vector, limit: 1)
      #expect(hits.first?.distance == nearest.first?.distance)
    }
  }

  func filters() throws {
    let query = ConformanceData.adapted(data.queries[1], to: pair)
    for n in [2, 9] {
      let matching = live.keys.filter { $0 % 5 == n }.count
      let hits = try collection.search(near: query, limit: 12, where: StoreFixture.filter(n: n))
      #expect(hits.count == min(12, matching))
      #expect(hits.allSatisfy { $0.object.properties["n"] == .int(Int64(n)) })
    }
  }

  func asksForMore() throws {
    let query = ConformanceData.adapted(data.queries[2], to: pair)
    let hits = try collection.searchIDs(near: query, limit: live.count + 1_000)
    #expect(Set(hits.map(\.id)) == Set(live.keys.map { .int($0) }))
  }
}
