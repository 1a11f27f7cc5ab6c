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

  /// What the rows go into, which may be made for them.
  typealias Target = @Sendable (VectorFileDescription) throws(StoreError) -> Collection

  /// Does it all on the calling thread.
  /// - Parameters:
  ///   - name: The collection's.
  ///   - shape: What its vectors are, as far as that is known.
  ///   - target: Called when the beginning of the file has turned out well.
  func whole(
    into name: String, _ shape: VectorShape, _ target: Target
  ) throws(StoreError) -> (collection: Collection, summary: ImportSummary) {
    let (collection, summary) = try rows(into: name, shape, target)
    guard try isToBeIndexed(collection, summary) else { return (collection, summary) }
    if try collection.configuration().index.isBuiltOnce {
      try collection.build()
    } else {
      try collection.compact()
    }
    return (collection, summary)
  }

  /// Does it on a thread of its own, which `shape` and `target` run on, too.
  func detached(
    into name: String, _ shape: @escaping @Sendable () throws(StoreError) -> VectorShape,
    _ target: @escaping Target
  ) async throws -> (collection: Collection, summary: ImportSummary) {
    try Task.checkCancellation()
    do {
      let (collection, summary) = try await withTaskCancellationHandler {
        try await onThread { () throws(StoreError) in
          try rows(into: name, try shape(), target)
        }
      } onCancel: {
        stop.make()
      }
      guard try isToBeIndexed(collection, summary) else { return (collection, summary) }
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

  /// An index that takes no changes once it is built is not built of nothing.
  private func isToBeIndexed(
    _ collection: Collection, _ summary: ImportSummary
  ) throws(StoreError) -> Bool {
    guard plan.options.indexes else { return false }
    let isBuiltOnce = try collection.configuration().index.isBuiltOnce
    return summary.rows > 0 || !isBuiltOnce
  }

  // MARK: - On the import's thread

  /// Runs until the source ends or a row is bad. Memory is bounded by a few batches.
  ///
  /// Another thread opens the file and reads it, so that whoever cancels need not wait for a pipe.
  private func rows(
    into name: String, _ shape: VectorShape, _ target: Target
  ) throws(StoreError) -> (Collection, ImportSummary) {
    let open = try plan.opening(shape, collection: name)
    let queue = BoundedQueue<ImportBatch>(capacity: 3)
    stop.abandons(queue)
    let thread = try PosixThread.start(name: "seam-read", stackSize: 4 << 20) { [plan] in
      ImportRun.read(plan, open, into: queue)
    }
    var isRegular = false
    do throws(StoreError) {
      let file = try queue.take()
      isRegular = file?.fraction != nil
      // A collection is made for what can be read.
      let first = try queue.take()
      guard let description = file?.file else {
        throw StoreError(.internalError, "Nothing was said of \(plan.path)")
      }
      let collection = try target(description)
      let summary = try load(first, queue, into: collection)
      thread.join()
      return (collection, summary)
    } catch {
      queue.abandon()
      // One that waits for a pipe ends by itself, when somebody writes or closes it.
      if isRegular { thread.join() }
      throw error
    }
  }

  private func load(
    _ first: ImportBatch?, _ queue: BoundedQueue<ImportBatch>, into collection: Collection
  ) throws(StoreError) -> ImportSummary {
    do {
      // An index that is built once is built of everything, and not of what came before it as well.
      return try collection.bulkLoad(indexing: false) {
        let summary = try write(first, queue, into: collection)
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

  private func write(
    _ first: ImportBatch?, _ queue: BoundedQueue<ImportBatch>, into collection: Collection
  ) throws(StoreError) -> ImportSummary {
    var summary = ImportSummary()
    var next = first
    while var batch = next {
      do throws(StoreError) {
        batch.objects = try complete(batch.objects, in: collection)
        summary.inserted += try collection.upsertCounting(batch.objects)
      } catch {
        throw describe(error, batch)
      }
      summary.rows += batch.objects.count
      summary.batches += 1
      summary.withoutVector.add(batch)
      progress?(ImportProgress(phase: .rows, summary: summary, fraction: batch.fraction))
      next = try queue.take()
    }
    return summary
  }

  /// Puts what the file says of itself first, with no rows.
  private static func read(
    _ plan: ImportPlan, _ open: () throws(StoreError) -> ImportSource,
    into queue: BoundedQueue<ImportBatch>
  ) {
    do throws(StoreError) {
      let source = try open()
      let file = plan.description(of: source.reader, elementType: source.shape.elementType)
      guard
        queue.put(
          ImportBatch(firstRow: 0, objects: [], fraction: source.isRegular ? 0 : nil, file: file))
      else { return }
      while let batch = try StoreError.fromFile({ () throws(VectorFileError) in try source.next() })
      {
        guard queue.put(batch) else { return }
      }
      queue.finish()
    } catch {
      queue.finish(error)
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
  private func describe(_ error: StoreError, _ batch: ImportBatch) -> StoreError {
    var error = error
    error.location = error.location ?? .init(path: plan.path.string)
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
