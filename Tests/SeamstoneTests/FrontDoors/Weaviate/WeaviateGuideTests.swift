import Seamstone
import StoreModel
import TestSupport
import Testing

/// The guide's code, as it stands there (`.ci/readme` compares the two), on real texts. `.ci/long guide` runs it
/// with optimisation, on 25,000 of them where they are there.
@Suite struct WeaviateGuideTests {
  @Test func `the guide to classes does what it says`() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("articles.seam")
    let data = try GuideData(queryCount: 50)
    var options = StoreOptions()
    // The demo's texts would not be enough for a graph.
    if data.isSmall { options.compaction.graphRows = 1_000 }
    let texts = data.articles
    let queries = data.queries

    let definition = """
      {
        "class": "Article",
        "description": "A text, found by its meaning",
        "properties": [
          {"name": "title", "dataType": ["text"]},
          {"name": "section", "dataType": ["text"]}
        ],
        "vectorizer": "none",
        "vectorIndexType": "hnsw",
        "vectorIndexConfig": {
          "distance": "cosine", "maxConnections": 32, "efConstruction": 128, "ef": 128,
          "pq": {"enabled": false, "trainingLimit": 25000, "segments": 96}
        }
      }
      """
    var store = try Store.open(at: path, options: options)
    var articles = try store.collection(fromWeaviateClass: definition)
    print(try articles.weaviateClass ?? "")

    try articles.bulkLoad {
      for start in stride(from: 0, to: texts.count, by: 1_000) {
        try articles.upsert(
          (start..<min(start + 1_000, texts.count)).map { row in
            VectorObject(
              id: .int(Int64(row)), vector: texts[row].vector,
              properties: [
                "title": .string(texts[row].title), "section": .string(texts[row].section),
              ])
          })
      }
    }

    let bounded = NearVector(vector: queries[0], distance: 0.9, limit: 10)
    let near = try await articles.nearVector(bounded, where: Field("section") != "science")
    for hit in near.hits { print(hit.id, hit.distance, hit.certainty ?? 0, hit.object.properties) }

    /// The share of the ten nearest that searches find; several at the same distance stand for each other.
    func recall() async throws -> Double {
      var found = 0
      for query in queries {
        let hits = try await articles.nearVector(NearVector(vector: query, limit: 10)).hits
        let truth = try await articles.nearVector(
          NearVector(vector: query, limit: 10, exact: true)
        ).hits
        found += hits.count { $0.distance <= truth[truth.count - 1].distance }
      }
      return Double(found) / Double(10 * queries.count)
    }
    let recallBefore = try await recall()

    let change = """
      {"class": "Article", "vectorIndexConfig": {"pq": {"enabled": true}}}
      """
    _ = try store.collection(fromWeaviateClass: change)
    // Searches go on. Writes are refused until the conversion is over, also after a restart.
    while try articles.status() == .readOnly {
      let meanwhile = try await articles.nearVector(bounded, where: Field("section") != "science")
      try await Task.sleep(for: .milliseconds(10))
      #expect(meanwhile.hits.count == near.hits.count)
    }
    let compressed = try await articles.nearVector(bounded, where: Field("section") != "science")
    let recallAfter = try await recall()

    store.close()
    store = try Store.open(at: path, options: options)
    articles = try store.collection("Article")
    let again = try await articles.nearVector(bounded, where: Field("section") != "science")

    #expect(near.hits.count == 10 && near.hits.allSatisfy { $0.distance <= 0.9 })
    #expect(again == compressed)
    #expect(try articles.status() != .readOnly)
    // Before and after, distances are those of an exact comparison, to the bit.
    for answer in [near, compressed] {
      let exact = try await articles.nearVector(
        NearVector(vector: queries[0], limit: 1_000, exact: true),
        where: Field("section") != "science")
      let distances = Dictionary(uniqueKeysWithValues: exact.hits.map { ($0.id, $0.distance) })
      for hit in answer.hits { #expect(distances[hit.id] == hit.distance, "\(hit.id)") }
    }
    let segments = try store.statistics().collections[0].segments
    #expect(segments.allSatisfy { $0.encoding.hasPrefix("pq") && $0.kind == "hnsw" }, "\(segments)")
    print("\(texts.count) texts: recall@10 \(recallBefore) before, \(recallAfter) after")
    #expect(recallBefore >= 0.97 && recallAfter >= 0.97, "\(recallBefore), \(recallAfter)")
    store.close()
  }
}
