import Foundation
import Seamstone
import TestSupport
import Testing

/// The first guide's code, as it stands there (`.ci/readme` compares the two).
@Suite struct GettingStartedGuideTests {
  struct Article: VectorRecord {
    var id: String
    var title: String
    var year: Int
    var published: Date?
    var vector: [Float]
  }

  private func seams() -> Article {
    Article(
      id: "seams", title: "Seams", year: 2021,
      published: Date(timeIntervalSince1970: 1_620_000_000),
      vector: [0, 0, 1])
  }

  @Test func `The guide's steps do what it says`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("articles.seam")

    // Open
    let store = try Store.open(at: path)
    let articles = try store.collection("Article", of: Article.self, .init(metric: .cosine))
    let authors = try store.collection("Author", .init(dimensions: 3, metric: .cosine))

    // Write
    try articles.upsert([
      Article(id: "stones", title: "Stones", year: 1998, vector: [1, 0, 0]),
      Article(id: "walls", title: "Walls", year: 2019, published: .now, vector: [0.8, 0.6, 0]),
    ])
    try authors.upsert(
      VectorObject(id: 7, vector: [0.6, 0.8, 0], properties: ["name": "Ada", "tags": ["stone"]]))
    #expect(try articles.count() == 2)

    // Write together
    let article = seams()
    try store.write { batch in
      try batch.upsert([article], into: articles)
      try batch.updateProperties(of: 7, to: ["name": "Ada", "articles": ["seams"]], in: authors)
      try batch.delete(ids: ["stones"], from: articles)
    }
    #expect(try articles.count() == 2)

    // Get and delete
    let walls = try articles.get("walls")
    print(walls?.title ?? "not there")
    let author = try authors.get(7)
    print(author?.properties["name"] ?? nil)
    let deleted = try articles.delete(ids: ["stones", "walls"])  // how many there were
    let old = try articles.delete(where: Field("year") < 2000)
    #expect(walls?.title == "Walls" && author?.properties["name"] == "Ada")
    #expect(deleted == 1 && old == 0)

    // Search
    try articles.upsert(
      (0..<100).map {
        Article(id: "a\($0)", title: "A", year: 1950 + $0, vector: [1, Float($0), 9])
      })
    let query: [Float] = [0, 0.1, 1]
    for hit in try articles.search(near: query, limit: 3) {
      print(hit.object.title, hit.distance)  // closest first; smaller is closer
    }
    let similar = try articles.search(nearID: "seams", limit: 3)
    let answers = try articles.search(near: [query, [1, 0, 0]], limit: 3)  // on several threads
    let truth = try articles.search(near: query, limit: 3, exact: true)  // compares every vector
    #expect(similar.count == 3 && answers.count == 2 && answers[0].map(\.id) == truth.map(\.id))

    // Filter
    let recent = try articles.search(near: query, limit: 3, where: Field("year") >= 2020)
    let spring = Date(timeIntervalSince1970: 1_614_556_800)
    let moment = Timestamp(timeIntervalSinceReferenceDate: spring.timeIntervalSinceReferenceDate)
    let later = try articles.search(
      near: query, where: Field("published") >= moment && !Field("title").like("A*"))
    try articles.createPropertyIndex("year")
    #expect(recent.allSatisfy { $0.object.year >= 2020 } && recent.count == 3)
    #expect(later.map(\.object.id) == ["seams"])

    // Snapshots
    let snapshot = try store.snapshot()
    try articles.delete(ids: ["seams"])
    let before = try snapshot.collection("Article").get("seams", as: Article.self)  // still there
    snapshot.close()
    let count = try store.read { snapshot in
      try snapshot.collection("Article").count() + snapshot.collection("Author").count()
    }
    #expect(before?.id == "seams" && count == 101)

    // Errors
    do throws(StoreError) {
      try articles.upsert(Article(id: "short", title: "", year: 0, vector: [1, 2]))
      Issue.record("accepted")
    } catch {
      print(error.code == .dimensionMismatch, error.message, error.remedy ?? "")
    }
    store.close()
    let again = try Store.open(at: path)
    #expect(try again.collection("Article").count() == 100)
    again.close()
  }

  @Test func `The guide's settings file is the usual configuration`() throws {
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let page = try String(
      contentsOfFile: "/\(root)/Sources/Seamstone/Seamstone.docc/GettingStarted.md", encoding: .utf8
    )
    let start = try #require(page.firstRange(of: "```json\n")?.upperBound)
    let end = try #require(page[start...].firstRange(of: "\n```")?.lowerBound)
    let settings = try JSONDecoder().decode(
      CollectionConfiguration.self, from: Data(page[start..<end].utf8))
    let usual = CollectionConfiguration(
      dimensions: 384, metric: .cosine,
      index: .hnsw(HNSWConfiguration(graphRows: CompactionLimits().graphRows)))
    #expect(settings == usual)
    #expect(settings.problems.isEmpty)
  }

  @Test func `The guide's asynchronous steps do what it says`() async throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(at: directory.file("articles.seam"))
    defer { store.close() }
    let articles = try store.collection("Article", of: Article.self, .init(metric: .cosine))
    let article = seams()

    // Async
    try await articles.upsert(article)
    let hits = try await articles.search(near: article.vector, limit: 3)
    #expect(hits.map(\.id) == ["seams"])

    // Reconfigure
    try articles.reconfigure(index: .hnsw(m: 16, ef: .fixed(80)), encoding: .float16)
    for await progress in articles.indexing { print(progress.phase, progress.fraction) }
    print(try articles.statistics())
    #expect(try articles.configuration().encoding == .float16)
    #expect(try articles.statistics().outdated == 0)
  }
}
