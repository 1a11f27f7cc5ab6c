import Seamstone
import StorageIO
import VectorFiles

/// Writes the batches of a source to a collection while the next ones are being read.
struct Importer {
  let collection: Collection
  let source: ImportSource

  /// What an import did.
  struct Outcome {
    var rows = 0
    /// Rows that made new objects; the others replaced objects, which may have come with an earlier row.
    var new = 0
    var replaced: Int { rows - new }
    var vectorless = VectorlessRows()
    var batches = 0
    var seconds = 0.0
    /// Why it ended early; what was acknowledged before stays.
    var failure: (any Error)?
  }

  /// Runs until the source ends or a row is bad. Memory is bounded by a few batches.
  func run() -> Outcome {
    let start = Clock.now()
    let bar = ProgressBar("import")
    var outcome = Outcome()
    let queue = BoundedQueue<ImportBatch>(capacity: 3)
    do {
      // Nobody else writes: this process holds the store's lock.
      let before = try collection.count()
      let source = source
      let thread = try PosixThread.start(name: "seam-read", stackSize: 4 << 20) {
        Importer.read(source, into: queue)
      }
      defer {
        queue.abandon()
        thread.join()
      }
      while var batch = try queue.take() {
        do throws(StoreError) {
          batch.objects = try ToolVectorizers.complete(batch.objects, in: collection)
          try collection.upsert(batch.objects)
        } catch {
          throw Importer.describe(error, batch)
        }
        outcome.rows += batch.objects.count
        outcome.batches += 1
        outcome.new = try collection.count() - before
        outcome.vectorless.add(batch)
        bar.update(fraction: batch.fraction, rows: outcome.rows)
      }
    } catch {
      outcome.failure = error
    }
    bar.finish()
    outcome.seconds = Clock.seconds(since: start)
    return outcome
  }

  private static func read(_ source: ImportSource, into queue: BoundedQueue<ImportBatch>) {
    do {
      while let batch = try source.next() {
        guard queue.put(batch) else { return }
      }
      queue.finish()
    } catch {
      queue.finish(error)
    }
  }

  /// The store's error names the object; this adds where it stands in the file.
  private static func describe(_ error: StoreError, _ batch: ImportBatch) -> StoreError {
    var error = error
    let last = batch.firstRow + batch.objects.count - 1
    error.message += ", in the batch of rows \(batch.firstRow) to \(last)"
    return error
  }
}
