import ObjectStorage
import StorageIO

extension Collection {
  /// The objects with vectors where they had none, made of their texts by the collection's vectorizer.
  ///
  /// The `async` upsert does this by itself; call it for objects that go into a ``WriteBatch``. What is vectorised
  /// are the texts of `CollectionConfiguration.vectorizerProperties`, one on a line. Objects that have no text, or
  /// all in a collection without a vectorizer, stay as they are: they are stored and never found by a search for
  /// neighbours. Nothing is asked of the vectorizer before every object has been checked.
  /// - Throws: `vectorizerFailed` with the vectorizer's name and its error as the cause; `notSupported` if it was not
  ///   registered with the store; `dimensionMismatch`, `invalidArgument` or `readOnly` as `upsert(_:)`.
  public func vectorized(_ objects: [VectorObject]) async throws -> [VectorObject] {
    guard objects.contains(where: { $0.value == nil }) else { return objects }
    let work = try await detached { (collection) throws(StoreError) in
      try collection.vectorizing(objects)
    }
    guard let work else { return objects }
    let vectors = try await work.vectorizer.vectors(of: work.texts.map(\.text), as: .objects)
    var complete = objects
    for (text, vector) in zip(work.texts, vectors) { complete[text.position].vector = vector }
    return complete
  }

  /// The vector that the collection's vectorizer makes of a text that is searched for.
  /// - Throws: `notSupported` if the collection has no vectorizer or it was not registered; `vectorizerFailed`.
  public func queryVector(for text: String) async throws -> [Float] {
    let vectorizer = try await detached { (collection) throws(StoreError) in
      guard let vectorizer = try collection.checkedVectorizer(for: collection.configuration())
      else {
        throw StoreError.noVectorizer(collection.name)
      }
      return vectorizer
    }
    guard !text.allSatisfy(\.isWhitespace) else {
      throw StoreError(
        .invalidArgument, "The text to search for is blank", remedy: "Search near some words")
    }
    // Exactly one vector, that is checked.
    return try await vectorizer.vectors(of: [text], as: .query).first ?? []
  }

  /// The objects nearest to a text, closest first: to the vector that the collection's vectorizer makes of it. See
  /// `search(near:limit:ef:where:exact:includingVectors:)`.
  /// - Throws: As ``queryVector(for:)`` and the search.
  public func search(
    nearText text: String, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) async throws -> [SearchHit<VectorObject>] {
    guard limit >= 0 else { throw StoreError.negativeLimit(limit) }
    return try await search(
      near: queryVector(for: text), limit: limit, ef: ef, where: filter, exact: exact,
      includingVectors: includingVectors)
  }

  // MARK: - What is to be done

  /// Texts, each with the position of its object.
  private struct Vectorizing: Sendable {
    let vectorizer: CheckedVectorizer
    let texts: [(position: Int, text: String)]
  }

  /// What has to be vectorised; nil for nothing.
  private func vectorizing(_ objects: [VectorObject]) throws(StoreError) -> Vectorizing? {
    let (stored, definition, error) = try state {
      ($0.configuration, $0.weaviateClass, $0.readOnlyError)
    }
    let schema = definition?.schema
    var configuration = stored
    // A class that declared its properties after it was created has named none.
    if let definition, stored.vectorizer != nil, stored.vectorizerProperties.isEmpty {
      configuration.vectorizerProperties = definition.vectorizedProperties.sorted()
    }
    guard configuration.vectorizer != nil else { return nil }
    if core.options.readOnly { throw StoreError.readOnlyStore(core.path) }
    if let error { throw error }
    var texts: [(position: Int, text: String)] = []
    for (position, object) in objects.enumerated() {
      try validate(object, configuration, schema)
      guard object.value == nil else { continue }
      let text = configuration.text(of: object.properties)
      if !text.isEmpty { texts.append((position, text)) }
    }
    guard !texts.isEmpty, let vectorizer = try checkedVectorizer(for: configuration) else {
      return nil
    }
    return Vectorizing(vectorizer: vectorizer, texts: texts)
  }

  /// The vectorizer; nil if the collection has none.
  private func checkedVectorizer(
    for configuration: CollectionConfiguration
  ) throws(StoreError) -> CheckedVectorizer? {
    guard let name = configuration.vectorizer else { return nil }
    guard let vectorizer = core.options.vectorizer(named: name) else {
      throw StoreError.vectorizerNotRegistered(
        name, collection: self.name, registered: core.options.vectorizers)
    }
    return CheckedVectorizer(
      vectorizer: vectorizer, collection: self.name, dimensions: configuration.dimensions)
  }
}
