import Seamstone
import SeamstoneImport
import TestSupport
import Testing

/// The code of the guide ComingFromTxtai about indexes that are there, and README's (`.ci/readme` compares them).
@Suite struct ImportGuideTests {
  @Test func `the guide's import does what it says`() async throws {
    let place = try ImportStore()
    let store = place.store
    let faiss = ImportFixture.path("idmap-hnsw.faiss")
    let annoy = ImportFixture.path("angular.ann")

    let (articles, summary) = try await store.importCollection("Article", from: faiss)
    print(summary.inserted, try articles.configuration().metric)

    let items = try store.collection("Item", .init(dimensions: 6, metric: .cosine, index: .ivf()))
    try await items.importVectors(from: annoy, format: .annoy(metric: .angular)) { progress in
      print(progress.summary.rows, progress.fraction ?? 0)
    }

    #expect(summary.inserted == 40)
    #expect(try items.count() == 34)
    #expect(
      try await articles.search(near: ImportFixture.vector(1), limit: 1).first?.id
        == .int(ImportFixture.id(1)))
  }
}
