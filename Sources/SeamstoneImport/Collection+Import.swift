public import Seamstone

extension Collection {
  /// Takes the rows of a file over, inserting or replacing, and builds the index of them all:
  /// `let summary = try await collection.importVectors(from: "index.faiss")`.
  ///
  /// The id of a row is the one that the file keeps for it (faiss's `IDMap` and inverted lists, hnswlib's labels, Annoy's
  /// numbers, `id` of a JSON line or of the objects file), or else its number counted from
  /// ``ImportOptions/startID``. Rows are read in batches while the batch before is written, so memory is bounded
  /// whatever the file's size. Each batch is written as by `upsert`: all of it or nothing, on disk before the next
  /// one. Whatever ends an import early, the batches before stay; the good rows before a bad one are a batch of their own. The same
  /// import may be made again, as rows that are there are replaced. What a pipe held when its import was cancelled is lost. Where the collection has a vectorizer, rows
  /// without vectors get them.
  /// - Parameters:
  ///   - path: The file. `-` is standard input, which JSON lines can come from.
  ///   - format: What the file is, where its name does not say it.
  ///   - progress: Called after each batch and when the index is begun, on the import's thread; the import waits for
  ///     it.
  /// - Returns: What was done, all of it durable.
  /// - Throws: `invalidData` for a file that is malformed and for a row that is not acceptable, with the row, and in binary
  ///   files with its byte as the error's location; `dimensionMismatch`; `notFound`, `io` if the file cannot be read;
  ///   `invalidArgument`; what `upsert` and `compact` throw, and `CancellationError` when the task is
  ///   cancelled, which ends the import after the batch at hand.
  @discardableResult
  public func importVectors(
    from path: FilePath, format: ImportFormat = .automatic, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) async throws -> ImportSummary {
    let run = ImportRun(
      plan: ImportPlan(path: path, format: format, options: options), asksVectorizer: true,
      progress: progress)
    return try await run.detached(
      into: name, { [self] () throws(StoreError) in VectorShape(try configuration()) },
      { [self] (_) throws(StoreError) in self }
    ).summary
  }

  /// As the `async` form, on the calling thread, which it blocks; like `upsert`, it never asks a vectorizer.
  @discardableResult
  public func importVectors(
    from path: FilePath, format: ImportFormat = .automatic, options: ImportOptions = .init(),
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) throws(StoreError) -> ImportSummary {
    let run = ImportRun(
      plan: ImportPlan(path: path, format: format, options: options), progress: progress)
    return try run.whole(into: name, VectorShape(try configuration())) {
      [self] (_) throws(StoreError) in self
    }.summary
  }
}
