public import Seamstone

extension Store {
  /// Takes the rows of a file over into the collection of this name, which is created if it is not there:
  /// `let (words, summary) = try await store.importCollection("Word", from: "index.faiss")`.
  ///
  /// Nothing is created before the first rows have been read, those of an objects file too. See
  /// `Collection.importVectors(from:format:options:progress:)` for all that follows.
  /// - Parameters:
  ///   - configuration: Of a new collection; dimensions that it leaves open are the file's. Without, the collection has
  ///     the file's dimensions and metric and otherwise the usual configuration. faiss's files and those of Annoy say
  ///     their metric; for others give a configuration. An existing collection must agree with one that is given,
  ///     as in `Store.collection(_:_:)`.
  /// - Throws: `invalidArgument` where a collection has to be made and nobody says its metric; what
  ///   `importVectors` throws.
  @discardableResult
  public func importCollection(
    _ name: String, from path: FilePath, format: ImportFormat = .automatic,
    configuration: CollectionConfiguration? = nil, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) async throws -> (collection: Collection, summary: ImportSummary) {
    let plan = ImportPlan(path: path, format: format, options: options)
    let run = ImportRun(plan: plan, asksVectorizer: true, progress: progress)
    return try await run.detached(
      into: name, { [self] () throws(StoreError) in try shape(of: name, configuration) },
      { [self] (file) throws(StoreError) in try collection(name, configuration, for: file, path) })
  }

  /// As the `async` form, on the calling thread, which it blocks; like `upsert`, it never asks a vectorizer.
  @discardableResult
  public func importCollection(
    _ name: String, from path: FilePath, format: ImportFormat = .automatic,
    configuration: CollectionConfiguration? = nil, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) throws(StoreError) -> (collection: Collection, summary: ImportSummary) {
    let plan = ImportPlan(path: path, format: format, options: options)
    let run = ImportRun(plan: plan, progress: progress)
    return try run.whole(into: name, try shape(of: name, configuration)) {
      [self] (file) throws(StoreError) in try collection(name, configuration, for: file, path)
    }
  }

  /// What the vectors of a collection are, or will be, as far as that is known.
  private func shape(
    of name: String, _ configuration: CollectionConfiguration?
  ) throws(StoreError) -> VectorShape {
    if try collectionNames().contains(name) {
      return VectorShape(try collection(name).configuration())
    }
    return configuration.map { VectorShape($0) } ?? VectorShape(dimensions: nil)
  }

  /// The collection to import into, created if it is not there.
  private func collection(
    _ name: String, _ configuration: CollectionConfiguration?, for file: VectorFileDescription,
    _ path: FilePath
  ) throws(StoreError) -> Collection {
    if try collectionNames().contains(name) {
      guard let configuration else { return try collection(name) }
      return try collection(name, configuration)
    }
    if var configuration {
      configuration.dimensions = configuration.dimensions ?? file.dimensions
      return try collection(name, configuration)
    }
    guard let metric = file.metric else {
      throw StoreError(
        .invalidArgument, "Nothing says by which metric \"\(name)\" shall compare its vectors",
        at: .init(path: path.string),
        remedy: "Give a configuration with a metric; \(path) does not name one")
    }
    return try collection(name, .init(dimensions: file.dimensions, metric: metric))
  }
}
