import StorageIO

/// A vectorizer at work for one collection: what it returns is checked before it is used.
struct CheckedVectorizer: Sendable {
  /// What the texts are: objects to be found, or something to search for.
  enum Role: Sendable { case objects, query }

  let vectorizer: any Vectorizer
  let collection: String
  /// What the collection has; nil before its first vector.
  let dimensions: Int?

  /// The vectors of texts, one for each, all of one length and finite.
  /// - Throws: `vectorizerFailed`; `dimensionMismatch` for vectors that do not go with the collection;
  ///   `CancellationError`.
  func vectors(of texts: [String], as role: Role) async throws -> [[Float]] {
    let vectors: [[Float]]
    do {
      switch role {
      case .objects: vectors = try await vectorizer.vectors(for: texts)
      case .query: vectors = try await vectorizer.queryVectors(for: texts)
      }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw StoreError.vectorizerFailed(vectorizer.name, "failed", cause: "\(error)")
    }
    try check(vectors, of: texts)
    return vectors
  }

  private func check(_ vectors: [[Float]], of texts: [String]) throws(StoreError) {
    guard vectors.count == texts.count else {
      throw StoreError.vectorizerFailed(
        vectorizer.name, "made \(vectors.count) vectors of \(texts.count) texts", cause: nil)
    }
    // Without any dimensions told before, the first vector decides for all.
    let expected = dimensions ?? vectorizer.dimensions ?? vectors.first?.count
    for (position, vector) in vectors.enumerated() {
      do throws(StoreError) {
        try VectorValidation.check(
          .floats(vector), elementType: .float32, dimensions: expected, collection: collection,
          what: "Vector \(position) of the vectorizer \"\(vectorizer.name)\"")
      } catch {
        if error.code == .dimensionMismatch { throw error }
        throw StoreError.vectorizerFailed(
          vectorizer.name, "made a vector that cannot be stored", cause: error.message)
      }
    }
  }
}
