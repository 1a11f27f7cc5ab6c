import Seamstone
import StoreModel
import TestSupport
import Testing

/// The guide's code, as it stands there (`.ci/readme` compares the two).
@Suite struct WeaviateGuideTests {
  /// Clustered vectors, as embeddings are.
  private func makeVectors(_ count: Int) -> [[Float]] {
    var random = SeededGenerator(seed: 5)
    let centres = (0..<20).map { _ in (0..<32).map { _ in random.gaussian() } }
    return (0..<count).map { row in
      centres[row % centres.count].map { $0 + random.gaussian() * 0.5 }
    }
  }

  @Test func `the guide to classes does what it says`() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("articles.seam")
    let options = StoreFixture.options(manual: false, sealRows: 512, graphRows: 500)
    let vectors = makeVectors(2_000)
    let query = vectors[7]

    let definition = """
      {
        "class": "Article",
        "properties": [{"name": "title", "dataType": ["text"]}, {"name": "year", "dataType": ["int"]}],
        "vectorizer": "none",
        "vectorIndexType": "hnsw",
        "vectorIndexConfig": {"distance": "cosine", "maxConnections": 16, "efConstruction": 128, "ef": 64}
      }
      """
    var store = try Store.open(at: path, options: options)
    var articles = try store.collection(fromWeaviateClass: definition)
    print(try articles.weaviateClass ?? "")

    try await articles.upsert(
      vectors.enumerated().map { row, vector in
        VectorObject(
          id: .int(Int64(row)), vector: vector,
          properties: ["title": "Article \(row)", "year": .int(Int64(1990 + row % 30))])
      })
    try await articles.compact(full: true)
    let near = try await articles.nearVector(
      NearVector(vector: query, distance: 0.4, limit: 10), where: Field("year") >= 2000)
    for hit in near.hits { print(hit.id, hit.distance, hit.certainty ?? 0, hit.object.properties) }
    #expect(near.hits.count == 10)
    #expect(near.hits.allSatisfy { $0.distance <= 0.4 })

    let change = """
      {"class": "Article", "vectorIndexConfig": {"pq": {"enabled": true, "segments": 16, "centroids": 64}}}
      """
    _ = try store.collection(fromWeaviateClass: change)
    // Searches go on. Writes are refused until the conversion is over, also after a restart.
    while try articles.status() == .readOnly { try await Task.sleep(for: .milliseconds(10)) }
    let compressed = try await articles.nearVector(
      NearVector(vector: query, distance: 0.4, limit: 10), where: Field("year") >= 2000)
    let encodings = try store.statistics().collections[0].segments.map(\.encoding)
    #expect(encodings.allSatisfy { $0.hasPrefix("pq") }, "\(encodings)")
    // Distances stay exact: of the objects that both found they are the same to the bit.
    let exact = Dictionary(uniqueKeysWithValues: near.hits.map { ($0.id, $0.distance) })
    let common = compressed.hits.filter { exact[$0.id] == $0.distance }
    #expect(common.count >= 9, "recall \(common.count) of 10")

    store.close()
    store = try Store.open(at: path, options: options)
    articles = try store.collection("Article")
    let again = try await articles.nearVector(
      NearVector(vector: query, distance: 0.4, limit: 10), where: Field("year") >= 2000)
    #expect(again == compressed)
    #expect(try articles.status() != .readOnly)
    store.close()
  }
}
