import ObjectStorage
import Seamstone
import StorageIO
import TestSupport
import Testing
import VectorMath

@Suite("txtai's ANN interface")
struct ANNTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func makeVectors(_ count: Int, seed: UInt64 = 1) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let vector = (0..<16).map { _ in random.gaussian() }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / norm }
    }
  }

  private func open(_ json: String, backends: [TxtaiBackendType] = []) throws -> ANN {
    try ANN(
      TxtaiConfiguration(json: json, backends: backends), at: directory.file("vectors.seam"))
  }

  private func product(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static let packedBackends = [
    #"{"quantize":1}"#, #"{"backend":"numpy","numpy":{"quantize":2}}"#,
    #"{"quantize":1,"faiss":{"components":"BHNSW16"}}"#,
    #"{"quantize":1,"faiss":{"components":"BHash8","nflip":8}}"#,
    #"{"quantize":2,"faiss":{"components":"BHash3x6","nflip":6}}"#,
    #"{"quantize":1,"faiss":{"components":"BIVF4","nprobe":4}}"#,
    #"{"backend":"torch","quantize":3}"#,
  ]

  @Test("packed vectors score by the share of bits that agree", arguments: packedBackends)
  func packed(_ json: String) throws {
    let ann = try open(json)
    let vectors = makeVectors(300)
    try ann.index(Array(vectors[..<200]))
    try ann.append(Array(vectors[200...]))
    #expect(try ann.count() == 300)
    let bits = try #require(ann.configuration.plan(dimensions: 16).configuration().dimensions)
    let rows = vectors.map {
      VectorValue.packed($0, bitsPerComponent: bits / 16).bits ?? []
    }
    let found = try ann.search([vectors[7], vectors[250]], limit: 6)
    #expect(try ann.search(packed: [rows[7], rows[250]], limit: 6) == found)
    for (row, matches) in zip([rows[7], rows[250]], found) {
      #expect(matches.count == 6 && matches[0].score == 1)
      for match in matches {
        let differing = zip(row, rows[Int(match.id)]).reduce(0) {
          $0 + ($1.0 ^ $1.1).nonzeroBitCount
        }
        #expect(match.score == 1 - Float(differing) / Float(bits))
      }
      let best = rows.map { other in
        zip(row, other).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
      }.sorted()[5]
      #expect(matches[5].score == 1 - Float(best) / Float(bits))
    }
    try ann.delete([7])
    try ann.save()
    ann.close()
    try ann.load()
    try ann.append(packed: [rows[7]])
    #expect(try ann.search(packed: [rows[7]], limit: 1)[0][0].score == 1)
    #expect(try ann.search(packed: [rows[7]], limit: 400)[0].allSatisfy { $0.id != 7 })
    try ann.index(packed: rows)
    #expect(try ann.count() == 300)
    #expect(throws: StoreError.self) { try ann.append(packed: [[1]]) }
  }

  @Test("rows of bits are refused where numbers are stored")
  func bitsForNumbers() throws {
    let ann = try open("{}")
    #expect(throws: StoreError.self) { try ann.index(packed: [[1, 2]]) }
    try ann.index(makeVectors(3))
    #expect(throws: StoreError.self) { try ann.append(packed: [[1, 2]]) }
    #expect(throws: StoreError.self) { try ann.search(packed: [[1, 2]], limit: 1) }
  }

  static let backends = [
    "{}", #"{"backend":"numpy"}"#, #"{"backend":"torch"}"#, #"{"backend":"hnsw"}"#,
    #"{"backend":"faiss","faiss":{"components":"IDMap,SQ8"}}"#, #"{"quantize":true}"#,
    #"{"faiss":{"components":"IDMap,PQ8"}}"#, #"{"faiss":{"components":"IVF16,SQ8"}}"#,
    #"{"faiss":{"components":"HNSW16"}}"#,
  ]

  @Test("index, append, delete, search, count, save, load, close", arguments: backends)
  func verbs(_ json: String) throws {
    let ann = try open(json)
    let vectors = makeVectors(400)
    try ann.index(Array(vectors[..<300]))
    try ann.append(Array(vectors[300...]))
    #expect(try ann.count() == 400)
    let queries = [vectors[0], vectors[350]]
    let found = try ann.search(queries, limit: 5)
    #expect(found.map { $0[0].id } == [0, 350])
    for (query, matches) in zip(queries, found) {
      #expect(matches.count == 5)
      #expect(zip(matches, matches.dropFirst()).allSatisfy { $0.score >= $1.score })
      for match in matches {
        #expect(abs(match.score - product(query, vectors[Int(match.id)])) < 1e-4)
      }
    }
    try ann.delete([0, 0, 999, -1])
    #expect(try ann.count() == 399)
    #expect(try ann.search([vectors[0]], limit: 400)[0].allSatisfy { $0.id != 0 })
    try ann.save()
    ann.close()
    #expect(throws: StoreError.self) { try ann.count() }
    try ann.load()
    #expect(try ann.count() == 399)
    #expect(try ann.search([vectors[350]], limit: 1)[0][0].id == 350)
    try ann.load()
    try ann.index(Array(vectors[..<2]))
    #expect(try ann.count() == 2)
  }

  @Test("ids are never used twice, also not after deletes and reopening")
  func ids() throws {
    let vectors = makeVectors(6)
    let ann = try open("{}")
    try ann.index(Array(vectors[..<3]))
    try ann.delete([2])
    ann.close()
    let again = try open("{}")
    try again.load()
    try again.append([vectors[3]])
    #expect(try again.search([vectors[3]], limit: 9)[0].map(\.id).sorted() == [0, 1, 3])
    #expect(try again.search([vectors[3]], limit: 1)[0][0].id == 3)
  }

  @Test("a limit above the count, of zero, no queries and no vectors are answered")
  func edges() throws {
    let vectors = makeVectors(3)
    let ann = try open("{}")
    try ann.index([])
    #expect(try ann.count() == 0)
    #expect(try ann.search([vectors[0]], limit: 3) == [[]])
    try ann.append(vectors)
    #expect(try ann.search([vectors[0]], limit: 100)[0].count == 3)
    #expect(try ann.search([vectors[0]], limit: 0) == [[]])
    #expect(try ann.search([], limit: 3).isEmpty)
  }

  @Test("what is wrong is a typed error and changes nothing")
  func errors() throws {
    let ann = try open("{}")
    for body in [
      { try ann.append([[1]]) }, { try ann.delete([1]) }, { try ann.save() }, { try ann.load() },
    ] {
      let error = #expect(throws: StoreError.self) { try body() }
      #expect(error?.code == .notFound)
    }
    try ann.index([[1, 0], [0, 1]])
    let width = #expect(throws: StoreError.self) { try ann.append([[1, 2, 3]]) }
    #expect(width?.code == .dimensionMismatch)
    let query = #expect(throws: StoreError.self) { try ann.search([[1]], limit: 1) }
    #expect(query?.code == .dimensionMismatch)
    let negative = #expect(throws: StoreError.self) { try ann.search([[1, 0]], limit: -1) }
    #expect(negative?.code == .invalidArgument)
    #expect(try ann.count() == 2)
    try ann.append([[1, 1]])
    #expect(try ann.search([[1, 1]], limit: 1)[0] == [.init(id: 2, score: 2)])
    let refused = #expect(throws: StoreError.self) {
      try open(#"{"faiss":{"components":"BFlat"}}"#)
    }
    #expect(refused?.code == .invalidConfiguration)
  }

  @Test("annoy is built by index; from then on nothing is appended or deleted")
  func forest() throws {
    let vectors: [[Float]] = (0..<300).map { row in
      (0..<10).map { column in
        let value: Int = (row * 31 + column * column * 7) % 97
        return Float(value) / 97 - 0.5
      }
    }
    let json = #"{"backend":"annoy","annoy":{"ntrees":-1,"searchk":400}}"#
    let ann = try open(json)
    for _ in 0..<2 {
      try ann.index(vectors)
      #expect(try ann.count() == 300)
      let found = try ann.search(vectors, limit: 1)
      var right = 0
      for (query, matches) in zip(vectors, found) {
        let best = vectors.map { product($0, query) }.max() ?? 0
        if let match = matches.first, abs(match.score - best) < 1e-4 { right += 1 }
      }
      #expect(right >= 290)
      for change in [{ try ann.append([vectors[0]]) }, { try ann.delete([1]) }] {
        let error = #expect(throws: StoreError.self) { try change() }
        #expect(error?.code == .readOnly)
      }
    }
    try ann.save()
    ann.close()
    let store = try Store.open(at: directory.file("vectors.seam"))
    defer { store.close() }
    let collection = try store.collection(ANN.collectionName)
    #expect(try collection.configuration().index == .annoy(trees: 3, searchK: 400))
    #expect(try collection.statistics().segments.map(\.kind) == ["annoy"])
  }

  @Test("an index kind of one's own is a backend by its name")
  func ownKind() throws {
    var options = StoreOptions()
    options.indexKinds = [PlainScan()]
    let configuration = try TxtaiConfiguration(
      json: #"{"backend":"examples.PlainScan"}"#, backends: [TxtaiBackendType(PlainScan())])
    let ann = try ANN(configuration, at: directory.file("own.seam"), options: options)
    try ann.index([[2, 0], [0, 3], [1, 1]])
    #expect(try ann.search([[5, 0]], limit: 3)[0].map(\.id) == [0, 2, 1])
    ann.close()
  }

  @Test("a registered type is searched by its own metric, and the store is an ordinary one")
  func custom() throws {
    let type = TxtaiBackendType("my.Cosine") { _ throws(StoreError) in
      CollectionConfiguration(metric: .cosine, index: .flat, encoding: .float32)
    }
    let ann = try open(#"{"backend":"my.Cosine"}"#, backends: [type])
    try ann.index([[2, 0], [0, 3], [1, 1]])
    let found = try ann.search([[5, 0]], limit: 3)[0]
    #expect(found.map(\.id) == [0, 2, 1])
    #expect(abs(found[0].score - 1) < 1e-6 && abs(found[2].score) < 1e-6)
    ann.close()
    let store = try Store.open(at: directory.file("vectors.seam"))
    defer { store.close() }
    let collection = try store.collection(ANN.collectionName)
    #expect(try collection.get(.int(1))?.vector == [0, 3])
  }
}
