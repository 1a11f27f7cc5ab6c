import StorageIO
import TestSupport
import Testing

@testable import Seamstone

@Suite("Collections with a vectorizer")
struct VectorizerTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }
  private var path: FilePath { FilePath(directory.file("store.seam")) }

  private func open(_ vectorizers: WordVectorizer..., readOnly: Bool = false) throws -> Store {
    var options = StoreOptions()
    options.vectorizers = vectorizers
    options.readOnly = readOnly
    return try Store.open(at: path, options: options)
  }

  private func object(_ id: ObjectID, _ title: String, vector: [Float]? = nil) -> VectorObject {
    VectorObject(id: id, vector: vector, properties: ["title": .string(title)])
  }

  private static let words = CollectionConfiguration(vectorizer: "words")

  /// The error that `body` throws; fails if it throws none.
  private func failure(
    _ body: () async throws -> Void, at location: SourceLocation = #_sourceLocation
  ) async -> StoreError {
    do {
      try await body()
      Issue.record("nothing was thrown", sourceLocation: location)
    } catch let error as StoreError {
      return error
    } catch {
      Issue.record("\(error)", sourceLocation: location)
    }
    return StoreError(.internalError, "")
  }

  @Test("Objects without vectors are vectorised in one call, and found near a text")
  func nearText() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    let given = vectorizer.vector("a river in flood")
    try await articles.upsert([
      object("whales", "whales sing under water"), object("rivers", "x", vector: given),
      object("bread", "how bread is baked"), VectorObject(id: "none", vector: nil),
    ])
    #expect(vectorizer.calls == [["whales sing under water", "how bread is baked"]])
    #expect(try articles.configuration().dimensions == 64)
    #expect(try await articles.get("bread")?.vector == vectorizer.vector("how bread is baked"))
    #expect(try await articles.get("rivers")?.vector == given)
    #expect(try await articles.get("none")?.vector == nil)
    let hits = try await articles.search(nearText: "baked bread", limit: 2)
    #expect(hits.first?.id == "bread")
    #expect(hits.first?.object.properties["title"] == "how bread is baked")
    #expect(vectorizer.calls.last == ["query: baked bread"])
    #expect(try await articles.search(nearText: "bread", limit: 10).count == 3)
    let some = try await articles.search(
      nearText: "bread", where: Field("title") == "whales sing under water")
    #expect(some.map(\.id) == ["whales"])
  }

  @Test("Upserting the same text again keeps the object's place; another text moves it")
  func again() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    try await articles.upsert(object("a", "one two"))
    try await articles.upsert(object("a", "one two"))
    #expect(try store.statistics().collections[0].deleted == 0)
    try await articles.upsert(object("a", "three four"))
    #expect(try await articles.get("a")?.vector == vectorizer.vector("three four"))
    #expect(try await articles.search(nearText: "three").first?.id == "a")
    try await articles.upsert([])
    #expect(vectorizer.calls.count == 4)
  }

  struct Note: VectorRecord, Equatable {
    var id: String
    var text: String
    var tags: [String]
    var vector: [Float]?
  }

  @Test("Records may come without vectors, too")
  func records() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let notes = try store.collection(
      "Note", of: Note.self,
      .init(vectorizer: "words", vectorizerProperties: ["tags", "missing", "text"]))
    try await notes.upsert(Note(id: "n", text: "buy flour", tags: ["kitchen", " ", "list"]))
    #expect(vectorizer.calls == [["kitchen\nlist\nbuy flour"]])
    let hits = try await notes.search(nearText: "flour")
    #expect(hits.first?.object.text == "buy flour")
  }

  @Test("The text is that of the named properties, or of all in the order of their names")
  func text() {
    let properties: [String: PropertyValue] = [
      "b": "second", "a": ["first", 3, ["deep"], "\t"], "number": 5, "n": nil,
      "author": ["name": "Ada", "age": 36], "blank": " \n",
    ]
    func text(_ names: [String]) -> String {
      CollectionConfiguration(vectorizer: "x", vectorizerProperties: names).text(of: properties)
    }
    #expect(text([]) == "first\ndeep\nsecond")
    #expect(text(["b", "author.name", "a"]) == "second\nAda\nfirst\ndeep")
    #expect(text(["author"]) == "")
    #expect(text(["number", "n", "blank", "missing"]) == "")
  }

  // MARK: - Failures

  @Test("A vectorizer that fails stores nothing and is named")
  func failing() async throws {
    let vectorizer = WordVectorizer(spoil: { _ in throw WordVectorizer.Fault.outOfOrder })
    let store = try open(vectorizer)
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    let given = object("given", "x", vector: vectorizer.vector("y"))
    let error = await failure { try await articles.upsert([given, object("a", "one")]) }
    #expect(error.code == .vectorizerFailed)
    #expect(error.message.contains("\"words\"") && error.cause == "outOfOrder")
    #expect(try articles.count() == 0)
    let search = await failure { _ = try await articles.search(nearText: "one") }
    #expect(search.code == .vectorizerFailed)
  }

  static let faults: [(String, @Sendable ([[Float]]) -> [[Float]], StoreError.Code)] = [
    ("too few", { Array($0.dropLast()) }, .vectorizerFailed),
    ("too many", { $0 + [[1]] }, .vectorizerFailed),
    ("not a number", { $0.map { $0.map { _ in .nan } } }, .vectorizerFailed),
    ("infinite", { $0.map { $0.map { _ in .infinity } } }, .vectorizerFailed),
    ("empty", { $0.map { _ in [] } }, .vectorizerFailed),
    ("another length", { $0.map { $0 + [1] } }, .dimensionMismatch),
    ("different lengths", { $0.prefix(1) + $0.dropFirst().map { $0 + [1] } }, .dimensionMismatch),
  ]

  @Test("Vectors that cannot be stored are refused", arguments: 0..<faults.count)
  func unusable(fault: Int) async throws {
    let (name, spoil, code) = Self.faults[fault]
    for tellsDimensions in [true, false] {
      // Alone with its vectors it cannot be told that they have another length than those before.
      if name == "another length", !tellsDimensions { continue }
      let store = try open(WordVectorizer(tellsDimensions: tellsDimensions, spoil: spoil))
      defer { store.close() }
      let articles = try store.collection("\(tellsDimensions)", Self.words)
      let error = await failure {
        try await articles.upsert([object("a", "one"), object("b", "two")])
      }
      #expect(error.code == code, "\(error)")
      #expect(error.message.contains("\"words\""), "\(error)")
      #expect(try articles.count() == 0)
    }
  }

  @Test("Vectors of another length than the collection's are refused")
  func otherDimensions() async throws {
    do {
      let store = try open(WordVectorizer(length: 8))
      defer { store.close() }
      let articles = try store.collection("Article", Self.words)
      try await articles.upsert(object("a", "one"))
    }
    let store = try open(WordVectorizer(length: 9))
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    let error = await failure { try await articles.upsert(object("b", "two")) }
    #expect(error.code == .dimensionMismatch)
    #expect(error.message.contains("has 9 dimensions") && error.message.contains("has 8"))
    let search = await failure { _ = try await articles.search(nearText: "two") }
    #expect(search.code == .dimensionMismatch)
  }

  @Test("Nothing is asked of the vectorizer for objects that would be refused")
  func refusedBefore() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    try await articles.upsert(object("a", "one"))
    let calls = vectorizer.calls.count
    let bad = await failure {
      try await articles.upsert([object("b", "two"), object("c", "x", vector: [1])])
    }
    #expect(bad.code == .dimensionMismatch)
    try articles.setReadOnly(true)
    let readOnly = await failure { try await articles.upsert(object("b", "two")) }
    #expect(readOnly.code == .readOnly)
    let blank = await failure { _ = try await articles.search(nearText: " \n") }
    #expect(blank.code == .invalidArgument)
    let negative = await failure { _ = try await articles.search(nearText: "two", limit: -1) }
    #expect(negative.code == .invalidArgument)
    #expect(vectorizer.calls.count == calls)
  }

  @Test("Cancelling is told as cancelling")
  func cancelled() async throws {
    let store = try open(WordVectorizer(spoil: { _ in throw CancellationError() }))
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    await #expect(throws: CancellationError.self) { try await articles.upsert(object("a", "one")) }
  }

  // MARK: - Calls that block

  @Test("Calls that block refuse what needs the vectorizer, and say what to do")
  func blocking() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let articles = try store.collection("Article", Self.words)
    func upsert(_ objects: [VectorObject]) throws(StoreError) { try articles.upsert(objects) }
    let error = #expect(throws: StoreError.self) { try upsert([object("a", "one")]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.description.contains("async upsert") == true)
    try upsert([object("a", "one", vector: vectorizer.vector("one")), .init(id: "b", vector: nil)])
    #expect(vectorizer.calls.isEmpty)

    let made = try await articles.vectorized([object("c", "three"), object("d", "four")])
    try store.write { batch in try batch.upsert(made, into: articles) }
    #expect(try await articles.search(nearText: "four").first?.id == "d")
  }

  @Test("Without a vectorizer objects without vectors are stored as they are")
  func none() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let plain = try store.collection("Plain", .init(vectorizer: "none"))
    try await plain.upsert([object("a", "one")])
    #expect(try await plain.get("a")?.vector == nil)
    #expect(vectorizer.calls.isEmpty)
    let error = await failure { _ = try await plain.search(nearText: "one") }
    #expect(error.code == .notSupported && error.message.contains("no vectorizer"))
  }

  // MARK: - Configuration

  @Test("Reopened without its vectorizer, vectors still work and texts say what is missing")
  func reopenedWithout() async throws {
    let vectorizer = WordVectorizer()
    do {
      let store = try open(vectorizer)
      defer { store.close() }
      try await store.collection("Article", Self.words).upsert(object("a", "one"))
    }
    let store = try open(WordVectorizer(name: "wordz"))
    defer { store.close() }
    let articles = try store.collection("Article")
    #expect(try articles.configuration() == .init(dimensions: 64, vectorizer: "words"))
    #expect(try await articles.search(near: vectorizer.vector("one")).first?.id == "a")
    try await articles.upsert([object("b", "x", vector: vectorizer.vector("two"))])
    for error in [
      await failure { _ = try await articles.search(nearText: "one") },
      await failure { try await articles.upsert(object("c", "two")) },
    ] {
      #expect(error.code == .notSupported)
      #expect(error.message.contains("\"words\", which was not registered"))
      #expect(error.remedy?.contains("\"wordz\"") == true)
    }
    #expect(try articles.count() == 2)
  }

  @Test("A store open for reading searches near texts with a vectorizer of its own")
  func reader() async throws {
    let writer = try open(WordVectorizer())
    try await writer.collection("Article", Self.words).upsert(object("a", "one"))
    writer.close()  // One process opens a store once.
    let reader = try open(WordVectorizer(), readOnly: true)
    defer { reader.close() }
    let articles = try reader.collection("Article")
    #expect(try await articles.search(nearText: "one").first?.id == "a")
    let error = await failure { try await articles.upsert(object("b", "two")) }
    #expect(error.code == .readOnly)
  }

  @Test("The vectorizer of a collection never changes")
  func immutable() throws {
    let store = try open(WordVectorizer(name: "a"), WordVectorizer(name: "b"))
    defer { store.close() }
    let named = CollectionConfiguration(vectorizer: "a", vectorizerProperties: ["t"])
    _ = try store.collection("A", named)
    _ = try store.collection("A", named)
    _ = try store.collection("None", .init())
    let cases: [(String, CollectionConfiguration, String)] = [
      (
        "A", .init(vectorizer: "b", vectorizerProperties: ["t"]),
        "vectorizer is immutable: attempted change from \"a\" to \"b\""
      ),
      ("A", .init(), "vectorizer is immutable: attempted change from \"a\" to \"none\""),
      (
        "None", .init(vectorizer: "a"),
        "vectorizer is immutable: attempted change from \"none\" to \"a\""
      ),
      (
        "A", .init(vectorizer: "a"),
        "vectorizerProperties is immutable: attempted change from [\"t\"] to []"
      ),
    ]
    for (name, configuration, message) in cases {
      let error = #expect(throws: StoreError.self) { try store.collection(name, configuration) }
      #expect(error?.code == .invalidConfiguration)
      #expect(error?.message == message)
    }
  }

  @Test("A collection needs a vectorizer that exists and fits")
  func creating() throws {
    let store = try open(WordVectorizer(name: "words", length: 8))
    defer { store.close() }
    let unknown = #expect(throws: StoreError.self) {
      try store.collection("A", .init(vectorizer: "word"))
    }
    #expect(unknown?.code == .invalidConfiguration)
    #expect(unknown?.remedy?.contains("Did you mean \"words\"?") == true)
    let length = #expect(throws: StoreError.self) {
      try store.collection("A", .init(dimensions: 9, vectorizer: "words"))
    }
    #expect(
      length?.message == "The configuration has 9 dimensions, the vectors of \"words\" have 8")
    #expect(try store.collectionNames().isEmpty)
    _ = try store.collection("A", .init(dimensions: 8, vectorizer: "words"))
  }

  @Test("Names of vectorizers are unique, not empty and not none")
  func names() {
    let vectorizers = [
      WordVectorizer(name: "a"), WordVectorizer(name: "none"), WordVectorizer(name: "a"),
      WordVectorizer(name: ""), WordVectorizer(name: "b", length: 70_000),
    ]
    var options = StoreOptions()
    options.vectorizers = vectorizers
    let error = #expect(throws: StoreError.self) { try Store.open(at: path, options: options) }
    #expect(error?.code == .invalidConfiguration)
    for words in ["name \"none\"", "two vectorizers have the name \"a\"", "name \"\"", "70000"] {
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
  }
}
