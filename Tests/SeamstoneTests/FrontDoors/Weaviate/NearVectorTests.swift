import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("nearVector")
struct NearVectorTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store.open(at: directory.file("store.seam"), options: StoreFixture.options())
  }

  /// A class with the vectors given, of ids from 0 on.
  private func collection(
    _ metric: Metric, _ vectors: [[Float]], settings: String = ""
  ) throws -> Collection {
    let collection = try store.collection(
      fromWeaviateClass:
        #"{"class":"A","vectorIndexConfig":{"distance":"\#(metric.rawValue)"\#(settings)}}"#)
    try collection.upsert(
      vectors.enumerated().map { index, vector in
        VectorObject(id: .int(Int64(index)), vector: vector, properties: ["n": .int(Int64(index))])
      })
    return collection
  }

  @Test("The largest numbers are limits like others")
  func largestLimits() throws {
    let all = try collection(.l2Squared, [[0], [1], [2]])
    let found = try all.nearVector(
      NearVector(vector: [0], distance: 1, maximumResults: .max))
    #expect(found.hits.map(\.id) == [0, 1] && !found.truncated)
    let wide = try all.nearVector(
      NearVector(vector: [0], distance: 9, limit: .max, maximumResults: .max))
    #expect(wide.hits.count == 3)
  }

  private func message(_ collection: Collection, _ query: NearVector) throws -> String {
    do throws(StoreError) {
      _ = try collection.nearVector(query)
    } catch {
      #expect(error.code == .invalidArgument)
      return error.message
    }
    Issue.record("answered \(query)")
    return ""
  }

  @Test(
    "Distances are those of the worked examples",
    arguments: [
      (.cosine, [0.1, 0.3, 0.7], [0.2, 0.2, 0.2], 0.17319), (.cosine, [1, 2, 3], [-1, -2, -3], 2),
      (.cosine, [0.7, 0.3], [1, 1], 0.0715), (.cosine, [0, 0], [1, 1], 1),
      (.dot, [3, 4, 5], [3, 4, 5], -50), (.l2Squared, [10, 11, 12], [13, 15, 17], 50),
      (.l2Squared, [10, 11, 12], [0, 0, 0], 365), (.manhattan, [10, 11, 12], [13, 15, 17], 12),
      (.manhattan, [10, 11, 12], [0, 0, 0], 33),
      (.hamming, [10, 11, 15, 25, 31], [10, 15, 16, 25, 30], 3),
    ] as [(Metric, [Float], [Float], Float)])
  func distances(metric: Metric, stored: [Float], query: [Float], expected: Float) throws {
    defer { store.close() }
    let found = try collection(metric, [stored]).nearVector(NearVector(vector: query))
    let hit = try #require(found.hits.first)
    #expect(abs(hit.distance - expected) < 5e-5, "\(hit.distance)")
    if metric == .cosine {
      #expect(hit.certainty == 1 - hit.distance / 2)
    } else {
      #expect(hit.certainty == nil)
    }
    #expect(!found.truncated)
  }

  @Test("A bound is inclusive, with a limit and without")
  func bounds() throws {
    defer { store.close() }
    let line = (0..<50).map { [Float($0), 0] }
    let collection = try collection(.l2Squared, line)
    func ids(_ query: NearVector) throws -> [Int64] {
      try collection.nearVector(query).hits.map { hit in
        if case .int(let number) = hit.id { number } else { -1 }
      }
    }
    #expect(try ids(NearVector(vector: [0, 0], distance: 9)) == [0, 1, 2, 3])
    #expect(try ids(NearVector(vector: [0, 0], distance: 9 - 5e-7)) == [0, 1, 2, 3])
    #expect(try ids(NearVector(vector: [0, 0], distance: 8.9)) == [0, 1, 2])
    #expect(try ids(NearVector(vector: [7, 0], distance: 0)) == [7])
    #expect(try ids(NearVector(vector: [0, 0], distance: -1)).isEmpty)
    #expect(try ids(NearVector(vector: [0, 0], distance: 9, limit: -1)) == [0, 1, 2, 3])
    #expect(try ids(NearVector(vector: [0, 0], distance: 9, limit: 2)) == [0, 1])
    #expect(try ids(NearVector(vector: [0, 0], distance: 9, limit: 2, offset: 1)) == [1, 2])
    #expect(try ids(NearVector(vector: [0, 0], distance: 9, limit: 9, offset: 3)) == [3])
    #expect(try ids(NearVector(vector: [0, 0], distance: 9, offset: 3)) == [3])
    #expect(try ids(NearVector(vector: [0, 0], distance: 9, limit: 9, offset: 30)).isEmpty)
    #expect(try ids(NearVector(vector: [0, 0])).count == 10)
    #expect(try ids(NearVector(vector: [0, 0], limit: 3, offset: 4)) == [4, 5, 6])
    #expect(
      try collection.nearVector(
        NearVector(vector: [0, 0], distance: 9), where: .compare("n", .greater, 1)
      ).hits.map(\.id) == [2, 3])
  }

  @Test("Near an object, the object itself is not counted")
  func nearObject() async throws {
    defer { store.close() }
    let collection = try collection(.l2Squared, (0..<50).map { [Float($0), 0] })
    func ids(_ query: NearVector) throws -> [ObjectID] {
      try collection.nearObject(0, query).hits.map(\.id)
    }
    #expect(try ids(NearVector(vector: [], distance: 9)) == [1, 2, 3])
    #expect(try ids(NearVector(vector: [9, 9], distance: 9, limit: 2)) == [1, 2])
    #expect(try ids(NearVector(vector: [], limit: 2, offset: 1)) == [2, 3])
    #expect(try ids(NearVector(vector: [], distance: 1e9, maximumResults: 49)).count == 49)
    for (limit, isTruncated) in [(2, true), (3, false)] {
      let found = try await collection.nearObject(
        0, NearVector(vector: [], distance: 9, limit: limit))
      #expect(found.truncated == isTruncated)
    }
    let wide = NearVector(vector: [], distance: 4, limit: .max, maximumResults: .max)
    #expect(try await collection.nearObject(0, wide).hits.map(\.id) == [1, 2])
    let odd = try await collection.nearObject(0, where: .compare("n", .greater, 40))
    #expect(odd.hits.first?.id == 41 && odd.hits.count == 9)
    let missing = await #expect(throws: StoreError.self) { try await collection.nearObject(77) }
    #expect(missing?.code == .notFound)
  }

  @Test("dot takes bounds below zero")
  func dotBounds() throws {
    defer { store.close() }
    let collection = try collection(.dot, [[1, 0], [2, 0], [3, 0]])
    let found = try collection.nearVector(NearVector(vector: [2, 0], distance: -4))
    #expect(found.hits.map(\.id) == [2, 1])
    #expect(found.hits.map(\.distance) == [-6, -4])
  }

  @Test("An answer that a limit or the cap cut says so")
  func truncation() throws {
    defer { store.close() }
    let collection = try collection(.l2Squared, (0..<300).map { [Float($0), 0] })
    try collection.compact()
    func truncated(_ query: NearVector) throws -> Bool {
      try collection.nearVector(query).truncated
    }
    #expect(try truncated(NearVector(vector: [0, 0], distance: 9, limit: 3)))
    #expect(try !truncated(NearVector(vector: [0, 0], distance: 9, limit: 4)))
    #expect(try !truncated(NearVector(vector: [0, 0], limit: 4)))
    #expect(try !truncated(NearVector(vector: [0, 0], distance: 1e9)))
    let capped = try collection.nearVector(
      NearVector(vector: [0, 0], distance: 1e9, maximumResults: 299))
    #expect(capped.truncated && capped.hits.count == 299)
    let all = try collection.nearVector(
      NearVector(vector: [0, 0], distance: 1e9, maximumResults: 300))
    #expect(!all.truncated && all.hits.count == 300)
  }

  @Test(
    "A bound without a limit finds what an index may miss", arguments: [Metric.cosine, .l2Squared])
  func complete(metric: Metric) throws {
    defer { store.close() }
    var random = SeededGenerator(seed: 7)
    let vectors = (0..<1_500).map { _ in (0..<16).map { _ in random.gaussian() } }
    let collection = try collection(metric, vectors)
    try collection.compact(full: true)
    for index in [3, 700, 1_499] where index % 2 == 1 {
      let exact = try collection.search(near: vectors[index], limit: 1_500, exact: true)
      let bound = exact[400].distance
      let found = try collection.nearVector(NearVector(vector: vectors[index], distance: bound))
      #expect(found.hits.count >= 401, "seed 7, query \(index)")
      #expect(found.hits.map(\.id) == exact.prefix(found.hits.count).map(\.id), "seed 7")
      #expect(!found.truncated)
    }
  }

  @Test("Certainty is a bound for cosine")
  func certainty() throws {
    defer { store.close() }
    let collection = try collection(.cosine, [[1, 0], [1, 1], [0, 1], [-1, 0]])
    func count(_ certainty: Float) throws -> Int {
      try collection.nearVector(NearVector(vector: [1, 0], certainty: certainty)).hits.count
    }
    #expect(try count(0) == 4)
    #expect(try count(0.5) == 3)
    #expect(try count(0.8) == 2)
    #expect(try count(1) == 1)
    let hits = try collection.nearVector(NearVector(vector: [1, 0], limit: 4)).hits
    #expect(hits.map { ($0.certainty ?? -1).rounded(toPlaces: 4) } == [1, 0.8536, 0.5, 0])
    #expect(try message(collection, NearVector(vector: [1, 0], certainty: 1.5)).contains("1.5"))
    #expect(
      try message(collection, NearVector(vector: [1, 0], distance: 1, certainty: 0.5))
        .contains("exclude each other"))
  }

  @Test("Certainty of other metrics is an error", arguments: [Metric.dot, .l2Squared, .manhattan])
  func noCertainty(metric: Metric) throws {
    defer { store.close() }
    let collection = try collection(metric, [[1, 0]])
    #expect(
      try message(collection, NearVector(vector: [1, 0], certainty: 0.5))
        == "can't compute and return certainty when vector index is configured with "
        + "\(metric.rawValue) distance")
  }

  @Test("Queries that cannot be answered are refused")
  func refused() throws {
    defer { store.close() }
    let collection = try collection(.cosine, [[1, 0]])
    let cases: [(NearVector, String)] = [
      (NearVector(vector: [1, 0], limit: 0), "greater than zero"),
      (NearVector(vector: [1, 0], limit: -1), "no bound"),
      (NearVector(vector: [1, 0], limit: 1, offset: -1), "offset is -1"),
      (NearVector(vector: [1, 0], autocut: -1), "autocut is -1"),
      (NearVector(vector: [1, 0], distance: .nan), "not a number"),
      (NearVector(vector: [], limit: 1), "empty"),
      (NearVector(vector: [.nan, 0]), "component 0"),
      (NearVector(vector: [0, -.infinity]), "component 1"),
      (
        NearVector(vector: [1, 0], limit: 9_990, offset: 11),
        "query maximum results exceeded: offset 11 and limit 9990, at most 10000 together"
      ),
      (NearVector(vector: [1, 0], limit: .max, offset: .max), "query maximum results exceeded"),
      (NearVector(vector: [1, 0], distance: 1, offset: 10_000), "query maximum results exceeded"),
    ]
    for (query, words) in cases {
      let text = try message(collection, query)
      #expect(text.contains(words), "\(text)")
    }
    #expect(
      try collection.nearVector(NearVector(vector: [1, 0], limit: 9_989, offset: 11)).hits == [])
  }

  @Test(
    "Autocut ends before the jump asked for",
    arguments: [
      ([2, 1.95, 1.9, 0.2, 0.1, 0.1, -1], 1, 3), ([5, 1, 1, 1, 1, 0, 0], 1, 1),
      ([5, 1, 1, 1, 1, 0, 0], 2, 5), ([5, 1, 1, 1, 1, 0, 0], 3, 7),
      ([2, 1.95, 1.9, 0.2, 0.1, 0.1, -1], 0, 7), ([1, 1, 1, 1], 1, 4), ([1, 2], 1, 2), ([1], 1, 1),
      ([], 1, 0), ([0.1, 0.11, 0.12, 0.9, 0.91], 1, 3), ([0, 0, 1], 1, 3), ([0, 1, 1], 1, 1),
    ] as [([Float], Int, Int)])
  func autocut(distances: [Float], jumps: Int, count: Int) {
    defer { store.close() }
    #expect(Autocut.count(distances, jumps: jumps) == count)
  }

  @Test("Autocut works on the page")
  func autocutOfPage() throws {
    defer { store.close() }
    let places: [Float] = [0, 1, 1.1, 1.2, 9, 9.1, 9.2]
    let collection = try collection(.manhattan, places.map { [$0, 0] })
    func count(_ query: NearVector) throws -> Int { try collection.nearVector(query).hits.count }
    #expect(try count(NearVector(vector: [0, 0], limit: 7, autocut: 1)) == 4)
    #expect(try count(NearVector(vector: [0, 0], limit: 6, offset: 1, autocut: 1)) == 3)
    #expect(try count(NearVector(vector: [0, 0], limit: 7, autocut: 5)) == 7)
  }

  @Test(
    "ef follows the class",
    arguments: [
      ("", 10, 100), ("", 23, 184), ("", 100, 500), ("", 600, 600),
      (#","dynamicEfMin":5,"dynamicEfMax":25,"dynamicEfFactor":10"#, 4, 25),
      (#","ef":78"#, 5, 78), (#","ef":64"#, 100, 100),
    ])
  func beam(settings: String, limit: Int, width: Int) throws {
    defer { store.close() }
    let configuration = try collection(.cosine, [[1, 0]], settings: settings).configuration()
    #expect(configuration.index.beam(limit: limit, requested: nil) == width)
  }

  @Test(
    "The beam is that of offset and limit; looking for one more does not widen it",
    arguments: [(nil, 184), (1.5, 184)] as [(Float?, Int)])
  func beamOfQuery(distance: Float?, width: Int) throws {
    defer { store.close() }
    let configuration = try collection(.cosine, [[1, 0]]).configuration()
    let query = NearVector(vector: [1, 0], distance: distance, limit: 10, offset: 13)
    let request = query.request(try query.plan(metric: .cosine), where: nil)
    #expect(request.limit == (distance == nil ? 23 : 24))
    let rescoring = Rescoring(
      configuration, limit: request.limit, requested: request.ef, probes: request.probes)
    #expect(rescoring.beam == width)
    // But all that is asked for is kept.
    let narrow = CollectionConfiguration(index: .hnsw(ef: .fixed(5)))
    #expect(Rescoring(narrow, limit: 24, requested: nil, probes: 1).beam == 24)
  }

  @Test("A class that is not vector-indexed stores objects and refuses searches")
  func skip() throws {
    defer { store.close() }
    let collection = try collection(.cosine, [[1, 0]], settings: #","skip":true"#)
    #expect(try collection.get(0)?.vector == [1, 0])
    do throws(StoreError) {
      _ = try collection.nearVector(NearVector(vector: [1, 0]))
      Issue.record("answered")
    } catch {
      #expect(error.message.contains("cannot vector-search on a class not vector-indexed"))
    }
    do throws(StoreError) {
      _ = try store.collection(
        fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"skip":false}}"#)
      Issue.record("accepted")
    } catch {
      #expect(error.message.contains("delete the class and re-create it"), "\(error)")
    }
  }
}

extension Float {
  fileprivate func rounded(toPlaces places: Int) -> Float {
    let scale = (0..<places).reduce(Float(1)) { scale, _ in scale * 10 }
    return (self * scale).rounded() / scale
  }
}
