#if Vectorizers
  import Seamstone
  import SeamstoneVectorizers
  import TestSupport
  import Testing

  /// The example of the guide to vectorizers, as it stands there (`.ci/readme` compares the two).
  @Suite struct VectorizersGuideTests {
    @Test func `The guide's example does what it says`() async throws {
      let directory = try TemporaryDirectory()
      let path = directory.file("articles.seam")
      let vector = [String](repeating: "0.5", count: 512).joined(separator: ",")
      let server = try await LocalServer.start { request, _ in
        guard request.body.contains(#""dimensions":512"#) else {
          return .reply(400, "no dimensions")
        }
        return .reply(200, #"{"data":[{"index":0,"embedding":[\#(vector)]}]}"#)
      }
      var service = OpenAIVectorizer.Configuration(model: "text-embedding-3-small")
      service.baseURL = server.url
      service.keyVariable = nil
      service.dimensions = 512
      var options = StoreOptions()
      options.vectorizers = [try OpenAIVectorizer(service)]
      let store = try Store.open(at: path, options: options)
      let articles = try store.collection(
        "Article", .init(vectorizer: "text2vec-openai", vectorizerProperties: ["title", "body"]))
      try await articles.upsert([
        VectorObject(id: "a", vector: nil, properties: ["title": "Seams", "body": "On coal."])
      ])
      for hit in try await articles.search(nearText: "mining", limit: 5) {
        print(hit.id, hit.distance)
      }
      #expect(
        server.requests.map(\.body).map { $0.contains(#""input":["Seams\nOn coal."]"#) } == [
          true, false,
        ])
      store.close()
      await server.stop()
    }
  }
#endif
