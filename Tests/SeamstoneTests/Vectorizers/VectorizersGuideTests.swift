import Seamstone
import TestSupport
import Testing

/// The vectorizer of the guide, as it stands there (`.ci/readme` compares the two).
@Suite struct VectorizersGuideTests {
  struct LetterCounts: Vectorizer {
    let name = "letters"
    let dimensions: Int? = 26

    func vectors(for texts: [String]) async throws -> [[Float]] {
      texts.map { text in
        var counts = [Float](repeating: 0, count: 26)
        for letter in text.utf8 where (97...122).contains(letter) { counts[Int(letter) - 97] += 1 }
        return counts
      }
    }
  }

  @Test func `The guide's vectorizer works`() async throws {
    let directory = try TemporaryDirectory()
    var options = StoreOptions()
    options.vectorizers = [LetterCounts()]
    let store = try Store.open(at: directory.file("letters.seam"), options: options)
    defer { store.close() }
    let words = try store.collection("Word", .init(vectorizer: "letters"))
    try await words.upsert(
      ["listen", "tree"].map { word in
        VectorObject(id: .string(word), vector: nil, properties: ["word": .string(word)])
      })
    #expect(try await words.search(nearText: "silent").map(\.id) == ["listen", "tree"])
  }
}
