import Seamstone
import StorageIO
internal import VectorFiles

/// One import: writes the batches of a file to a collection while the next ones are being read.
struct ImportRun: Sendable {
  let plan: ImportPlan
  /// Whether rows without vectors may wait for the collection's vectorizer.
  var asksVectorizer = false
  let progress: (@Sendable (ImportProgress) -> Void)?
  private let stop = ImportStop()

  init(
    plan: ImportPlan, asksVectorizer: Bool = false,
    progress: (@Sendable (ImportProgress) -> Void)?
  ) {
    self.plan = plan
    self.asksVectorizer = asksVectorizer
    self.progress = progress
  }

  /// Does it all on the calling thread.
  func whole(into collection: Collection) throws(StoreError) -> ImportSummary {
    let summary = try rows(into: collection)
    guard plan.options.indexes else { return summary }
    if try collection.configuration().index.isBuiltOnce {
      try collection.build()
    } else {
      try collection.compact()
    }
    return summary
  }

  /// Does it on a thread of its own, which `collection` runs on, too.
  func detached(
    into collection: @escaping @Sendable () throws(StoreError) -> Collection
  ) async throws -> (collection: Collection, summary: ImportSummary) {
    try Task.checkCancellation()
    do {
      let (collection, summary) = try await withTaskCancellationHandler {
        try await onThread { () throws(StoreError) in
          let collection = try collection()
          return (collection, try rows(into: collection))
        }
      } onCancel: {
        stop.make()
      }
      guard plan.options.indexes else { return (collection, summary) }
      if try collection.configuration().index.isBuiltOnce {
        try await collection.build()
      } else {
        try await collection.compact()
      }
      return (collection, summary)
    } catch let error as StoreError where error.code == .cancelled && stop.isMade {
      throw CancellationError()
    }
  }

  // MARK: - On the import's thread

  private func rows(into collection: Collection) throws(StoreError) -> ImportSummary {
    let source = try plan.source(for: collection)
    do {
      // An index that is built once is built of everything, and not of what came before it as well.
      return try collection.bulkLoad(indexing: false) {
        let summary = try copy(source, into: collection)
        if plan.options.indexes {
          progress?(ImportProgress(phase: .indexing, summary: summary, fraction: 1))
        }
        return summary
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.internalError, "An import failed", cause: "\(error)")
    }
  }

  /// Runs until the source ends or a row is bad. Memory is bounded by a few batches.
  private func copy(
    _ source: ImportSource, into collection: Collection
  ) throws(StoreError) -> ImportSummary {
    let queue = BoundedQueue<ImportBatch>(capacity: 3)
    stop.abandons(queue)
    let thread = try PosixThread.start(name: "seam-read", stackSize: 4 << 20) {
      ImportRun.read(source, into: queue)
    }
    do throws(StoreError) {
      let summary = try write(queue, into: collection)
      thread.join()
      return summary
    } catch {
      // The thread may be waiting for a pipe; it ends by itself.
      queue.abandon()
      throw error
    }
  }

  private func write(
    _ queue: BoundedQueue<ImportBatch>, into collection: Collection
  ) throws(StoreError) -> ImportSummary {
    var summary = ImportSummary()
    while var batch = try queue.take() {
      do throws(StoreError) {
        batch.objects = try complete(batch.objects, in: collection)
        summary.inserted += try collection.upsertCounting(batch.objects)
      } catch {
        throw ImportRun.describe(error, batch)
      }
      summary.rows += batch.objects.count
      summary.batches += 1
      summary.withoutVector.add(batch)
      progress?(ImportProgress(phase: .rows, summary: summary, fraction: batch.fraction))
    }
    return summary
  }

  private static func read(_ source: ImportSource, into queue: BoundedQueue<ImportBatch>) {
    do throws(VectorFileError) {
      while let batch = try source.next() {
        guard queue.put(batch) else { return }
      }
      queue.finish()
    } catch {
      queue.finish(StoreError(error))
    }
  }

  /// Objects with the vectors that the collection's vectorizer makes of those that have none.
  private func complete(
    _ objects: [VectorObject], in collection: Collection
  ) throws(StoreError) -> [VectorObject] {
    guard asksVectorizer, objects.contains(where: { $0.value == nil }),
      try collection.configuration().vectorizer != nil
    else { return objects }
    return try AsyncWait.run(started: stop.cancels) { try await collection.vectorized(objects) }
  }

  /// The store's error names the object; this adds where it stands in the file.
  private static func describe(_ error: StoreError, _ batch: ImportBatch) -> StoreError {
    var error = error
    let last = batch.firstRow + batch.objects.count - 1
    error.message += ", in the batch of rows \(batch.firstRow) to \(last)"
    return error
  }

  private func onThread<Result: Sendable>(
    _ body: @escaping @Sendable () throws(StoreError) -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      do throws(StoreError) {
        _ = try PosixThread.start(name: "seam-import", stackSize: 4 << 20) {
          do throws(StoreError) {
            continuation.resume(returning: try body())
          } catch {
            continuation.resume(throwing: error)
          }
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}
