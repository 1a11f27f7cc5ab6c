import Seamstone
import TestSupport
import Testing

/// The example on README's first screen, as it stands there (`.ci/readme` compares the two).
@Suite struct ReadmeExampleTests {
  struct Word: VectorRecord {
    var id: String
    var title: String
    var section: String
    var vector: [Float]
  }

  @Test func `README's example does what it says`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("words.seam")
    let query = [Float](repeating: 1, count: 384)
    let batch = [Word(id: "w1", title: "skink", section: "noun.animal", vector: query)]
    let store = try Store.open(at: path)
    let words = try store.collection("Word", of: Word.self, .init(dimensions: 384, metric: .cosine))
    try words.upsert(batch)  // all or nothing; on disk and searchable when it returns
    let hits = try words.search(near: query, limit: 10, where: Field("section") == "noun.animal")
    for hit in hits { print(hit.id, hit.distance, hit.object.title) }
    #expect(hits.map(\.id) == ["w1"])
  }
}
