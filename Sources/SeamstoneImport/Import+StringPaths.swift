public import Seamstone

// The same calls for paths that are texts, as `Store.open(at:)` takes both.
extension Collection {
  /// As the form that takes a `FilePath`.
  @_disfavoredOverload
  @discardableResult
  public func importVectors(
    from path: String, format: ImportFormat = .automatic, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) async throws -> ImportSummary {
    try await importVectors(
      from: FilePath(path), format: format, options: options, progress: progress)
  }

  /// As the form that takes a `FilePath`.
  @_disfavoredOverload
  @discardableResult
  public func importVectors(
    from path: String, format: ImportFormat = .automatic, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) throws(StoreError) -> ImportSummary {
    try importVectors(from: FilePath(path), format: format, options: options, progress: progress)
  }
}

extension Store {
  /// As the form that takes a `FilePath`.
  @_disfavoredOverload
  @discardableResult
  public func importCollection(
    _ name: String, from path: String, format: ImportFormat = .automatic,
    configuration: CollectionConfiguration? = nil, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) async throws -> (collection: Collection, summary: ImportSummary) {
    try await importCollection(
      name, from: FilePath(path), format: format, configuration: configuration, options: options,
      progress: progress)
  }

  /// As the form that takes a `FilePath`.
  @_disfavoredOverload
  @discardableResult
  public func importCollection(
    _ name: String, from path: String, format: ImportFormat = .automatic,
    configuration: CollectionConfiguration? = nil, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) throws(StoreError) -> (collection: Collection, summary: ImportSummary) {
    try importCollection(
      name, from: FilePath(path), format: format, configuration: configuration, options: options,
      progress: progress)
  }
}
