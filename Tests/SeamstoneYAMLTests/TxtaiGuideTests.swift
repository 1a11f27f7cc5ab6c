import Seamstone
import SeamstoneYAML
import TestSupport
import Testing

/// The guide's code, as it stands there (`.ci/readme` compares the two).
@Suite struct TxtaiGuideTests {
  @Test func `the guide from txtai does what it says`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("vectors.seam")
    var random = SeededGenerator(seed: 8)
    let vectors = (0..<200).map { _ in (0..<24).map { _ in random.gaussian() } }
    let more = vectors.map { $0.map { -$0 } }
    let queries = Array(vectors[10..<12])

    let yaml = """
      backend: hnsw
      hnsw:
        m: 32
        efsearch: 100
      """
    let configuration = try TxtaiConfiguration(yaml: yaml)
    let plan = configuration.plan(count: 100_000, dimensions: 24)
    for setting in plan.settings { print(setting.name, setting.value, setting.effect) }
    for note in plan.notes { print(note) }

    let ann = try ANN(configuration, at: path)
    try ann.index(vectors)
    try ann.append(more)
    try ann.delete([0, 7])
    for match in try ann.search(queries, limit: 3)[0] { print(match.id, match.score) }
    try ann.save()
    ann.close()

    let store = try Store.open(at: path)
    let collection = try store.collection(ANN.collectionName)
    let hits = try collection.search(near: queries[0], limit: 3)

    #expect(hits.map(\.id).first == 10)
    #expect(try collection.configuration().index == .hnsw(m: 32, ef: .fixed(100)))
    #expect(plan.notes.isEmpty && plan.settings.count == 4)
    store.close()
  }

  @Test func `a registered backend of the guide is used`() throws {
    let cosine = TxtaiBackendType("search.Cosine") { _ throws(StoreError) in
      CollectionConfiguration(metric: .cosine, index: .hnsw(m: 24), encoding: .int8())
    }
    let configuration = try TxtaiConfiguration(yaml: "backend: search.Cosine", backends: [cosine])
    #expect(try configuration.collectionConfiguration().metric == .cosine)
  }
}
