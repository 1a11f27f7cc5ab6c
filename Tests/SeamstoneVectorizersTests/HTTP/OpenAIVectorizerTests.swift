#if Vectorizers
  import JSONText
  import Seamstone
  import SeamstoneVectorizers
  import StorageIO
  import TestSupport
  import Testing

  #if canImport(Darwin)
    import Darwin
  #else
    import Glibc
  #endif

  /// The vectorizer against a server on this machine.
  @Suite("Vectors over HTTP")
  struct OpenAIVectorizerTests {
    private static let secret = "sk-test-0123456789"

    /// A vectorizer of a server, with short waits.
    private func vectorizer(
      _ url: String, key: String? = secret,
      _ change: (inout OpenAIVectorizer.Configuration) -> Void = { _ in }
    ) throws -> OpenAIVectorizer {
      var configuration = OpenAIVectorizer.Configuration(model: "test-model")
      configuration.baseURL = url
      configuration.backoff = .milliseconds(1)
      configuration.maximumAttempts = 3
      configuration.keyVariable = nil
      if let key {
        setenv("SEAMSTONE_TEST_HTTP_KEY", key, 1)
        configuration.keyVariable = "SEAMSTONE_TEST_HTTP_KEY"
      }
      change(&configuration)
      return try OpenAIVectorizer(configuration)
    }

    private static func inputs(_ request: LocalServer.Request) -> [String] {
      guard case .object(let members) = try? PropertyValue(json: request.body),
        case .array(let texts) = members["input"]
      else { return [] }
      return texts.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// What a service answers: of each text the vector (its bytes, 1), the last one first.
    private static func vectors(_ request: LocalServer.Request) -> LocalServer.Answer {
      let items = inputs(request).enumerated().reversed().map { index, text in
        #"{"object":"embedding","index":\#(index),"embedding":[\#(text.utf8.count),1.0]}"#
      }
      return .reply(200, #"{"object":"list","data":[\#(items.joined(separator: ","))]}"#)
    }

    private func failure(_ vectorizer: OpenAIVectorizer) async -> EmbeddingServiceError? {
      await #expect(throws: EmbeddingServiceError.self) {
        try await vectorizer.vectors(for: ["one"])
      }
    }

    @Test("A request is what the interface says, with the key in its header")
    func request() async throws {
      let server = try await LocalServer.start { request, _ in Self.vectors(request) }
      let vectors = try await vectorizer(server.url + "/v1/").vectors(for: ["one", "three", "é"])
      #expect(vectors == [[3, 1], [5, 1], [2, 1]])
      let request = try #require(server.requests.first)
      #expect(request.method == "POST")
      #expect(request.path == "/v1/embeddings")
      #expect(request.headers["authorization"] == "Bearer \(Self.secret)")
      #expect(request.headers["content-type"] == "application/json")
      #expect(
        request.body
          == #"{"model":"test-model","encoding_format":"float","input":["one","three","é"]}"#)
      _ = try await vectorizer(server.url, key: nil).vectors(for: ["one"])
      #expect(server.requests.last?.headers["authorization"] == nil)
      await server.stop()
    }

    @Test("Many texts go in several requests and come back in order")
    func batches() async throws {
      let server = try await LocalServer.start { request, _ in Self.vectors(request) }
      let texts = (0..<200).map { String(repeating: "x", count: $0 % 23 + 1) }
      let vectorizer = try vectorizer(server.url) {
        $0.maximumInputs = 16
        $0.concurrency = 5
      }
      #expect(try await vectorizer.vectors(for: texts) == texts.map { [Float($0.count), 1] })
      #expect(server.requests.count == 13)
      #expect(Set(server.requests.flatMap(Self.inputs)) == Set(texts))
      await server.stop()
    }

    @Test("Too many requests, failures and broken connections are tried again")
    func retries() async throws {
      for first in [
        LocalServer.Answer.reply(429, "", headers: ["Retry-After": "0"]), .reply(500, "oops"),
        .reply(503, "", headers: ["retry-after-ms": "3"]), .close, .breakOff("{"),
      ] {
        let server = try await LocalServer.start { request, number in
          number == 0 ? first : Self.vectors(request)
        }
        #expect(try await vectorizer(server.url).vectors(for: ["one"]) == [[3, 1]], "\(first)")
        #expect(server.requests.count == 2)
        await server.stop()
      }
    }

    @Test("Retry-After is read from the header: a wait beyond the time limit is not begun")
    func retryAfter() async throws {
      let server = try await LocalServer.start { _, _ in
        .reply(429, #"{"error":{"message":"busy"}}"#, headers: ["Retry-After": "5000"])
      }
      let error = await failure(try vectorizer(server.url))
      #expect(error?.reason == .unavailable)
      #expect(error?.message.contains("busy; the next try would be in 5000") == true)
      #expect(server.requests.count == 1)
      await server.stop()
    }

    @Test("Refusals are told with status and message, without the key")
    func refusals() async throws {
      let server = try await LocalServer.start { request, number in
        let key = request.headers["authorization"] ?? ""
        return number == 0
          ? .reply(401, #"{"error":{"message":"Incorrect key: \#(key)"}}"#)
          : .reply(307, "", headers: ["Location": "/elsewhere"])
      }
      let vectorizer = try vectorizer(server.url)
      let wrongKey = await failure(vectorizer)
      #expect(wrongKey?.reason == .refused)
      #expect(wrongKey?.status == 401)
      #expect(wrongKey?.message == "Incorrect key: Bearer (key)")
      // A redirection would carry the key to another place.
      #expect(await failure(vectorizer)?.status == 307)
      #expect(server.requests.map(\.path) == ["/v1/embeddings", "/v1/embeddings"])
      var dumped = ""
      dump(vectorizer, to: &dumped)
      #expect(!dumped.contains("Bearer"), "\(dumped)")
      #expect(!dumped.contains(Self.secret), "\(dumped)")
      await server.stop()
    }

    @Test(
      "Answers that are not what was asked for are told",
      arguments: [
        (#"{"data":[]}"#, "0 embeddings came, 1 were asked for"),
        (
          #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2]}]}"#,
          "index 1, of 1"
        ),
        (#"{"data":[{"index":0,"embedding":[1,"#, "the text ends"), ("<html>", "expected '{'"),
        ("", "the text ends"),
      ])
    func badAnswers(body: String, message: String) async throws {
      let server = try await LocalServer.start { _, _ in .reply(200, body) }
      let error = await failure(try vectorizer(server.url))
      #expect(error?.reason == .badResponse)
      #expect(error?.message.contains(message) == true, "\(String(describing: error))")
      #expect(server.requests.count == 1)
      await server.stop()
    }

    @Test("Base64 is asked for and read")
    func base64() async throws {
      let server = try await LocalServer.start { request, _ in
        request.body.contains(#""encoding_format":"base64","dimensions":2"#)
          ? .reply(200, #"{"data":[{"index":0,"embedding":"AACAPwAAAMA="}]}"#) : .reply(400, "no")
      }
      let vectorizer = try vectorizer(server.url) {
        $0.encoding = .base64
        $0.dimensions = 2
      }
      #expect(try await vectorizer.vectors(for: ["one"]) == [[1, -2]])
      #expect(vectorizer.dimensions == 2)
      await server.stop()
    }

    @Test("No answer, half an answer and no server are failures that end")
    func timeouts() async throws {
      let server = try await LocalServer.start { _, number in
        number % 2 == 0 ? .hang : .stall(#"{"data":["#)
      }
      let slow = try vectorizer(server.url) {
        $0.requestTimeout = .milliseconds(100)
        $0.maximumAttempts = 2
      }
      let request = await failure(slow)
      #expect(request?.reason == .timedOut)
      #expect(request?.attempts == 2)
      let call = await failure(try vectorizer(server.url) { $0.timeout = .milliseconds(100) })
      #expect(call?.reason == .timedOut)
      await server.stop()
      let nobody = await failure(try vectorizer(server.url))
      #expect(nobody?.reason == .unreachable)
      #expect(nobody?.attempts == 3)
    }

    @Test("Cancelling ends a request that is under way")
    func cancelling() async throws {
      let server = try await LocalServer.start { _, _ in .hang }
      let vectorizer = try vectorizer(server.url)
      let task = Task { try await vectorizer.vectors(for: ["one"]) }
      try await server.waitForRequests(1)
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      await server.stop()
    }

    @Test("Without a key in the environment there is no vectorizer")
    func noKey() {
      unsetenv("SEAMSTONE_TEST_NO_KEY")
      var configuration = OpenAIVectorizer.Configuration(model: "m")
      configuration.keyVariable = "SEAMSTONE_TEST_NO_KEY"
      let error = #expect(throws: StoreError.self) { try OpenAIVectorizer(configuration) }
      #expect(error?.code == .invalidConfiguration)
      configuration.model = ""
      let invalid = #expect(throws: StoreError.self) { try OpenAIVectorizer(configuration) }
      #expect(invalid?.message.contains("model is empty") == true)
    }

    @Test("A failing service stores nothing, and the store says why")
    func store() async throws {
      let directory = try TemporaryDirectory()
      let server = try await LocalServer.start { request, _ in
        request.body.contains("poison")
          ? .reply(400, #"{"error":"no poison"}"#) : Self.vectors(request)
      }
      var options = StoreOptions()
      options.vectorizers = [try vectorizer(server.url)]
      let store = try Store.open(at: FilePath(directory.file("s.seam")), options: options)
      defer { store.close() }
      let articles = try store.collection("Article", .init(vectorizer: "text2vec-openai"))
      let error = await #expect(throws: StoreError.self) {
        try await articles.upsert([
          VectorObject(id: "a", vector: nil, properties: ["title": "good"]),
          VectorObject(id: "b", vector: nil, properties: ["title": "poison"]),
        ])
      }
      #expect(error?.code == .vectorizerFailed)
      #expect(error?.message == "The vectorizer \"text2vec-openai\" failed")
      #expect(error?.cause?.hasSuffix("answered 400: no poison") == true)
      #expect(try articles.count() == 0)
      await server.stop()
    }
  }
#endif
