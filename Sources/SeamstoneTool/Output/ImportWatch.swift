import Seamstone
import SeamstoneImport
import Synchronization

/// Shows how far an import is, and says what it has done.
final class ImportWatch: Sendable {
  private struct State {
    var summary = ImportSummary()
    /// When the rows were on disk, and what is shown since.
    var indexing: (start: UInt64, watch: IndexingWatch)?
  }

  private let collection: Collection
  private let bar = ProgressBar("import")
  private let start = Clock.now()
  private let state = Mutex(State())

  init(_ collection: Collection) { self.collection = collection }

  /// Takes what the import says of itself.
  @Sendable func update(_ progress: ImportProgress) {
    switch progress.phase {
    case .rows:
      bar.update(fraction: progress.fraction, rows: progress.summary.rows)
      state.withLock { $0.summary = progress.summary }
    case .indexing:
      bar.finish()
      report(progress.summary)
      let watch = IndexingWatch(collection, title: "index")
      state.withLock { $0.indexing = (Clock.now(), watch) }
    }
  }

  /// Ends what is shown; answers how long rows and index took.
  func end(_ summary: ImportSummary) -> (rows: Double, indexing: Double) {
    bar.finish()
    guard let indexing = state.withLock({ $0.indexing }) else {
      report(summary)
      return (Clock.seconds(since: start), 0)
    }
    indexing.watch.end()
    return (Double(indexing.start &- start) / 1e9, Clock.seconds(since: indexing.start))
  }

  /// Ends what is shown, and says what is there of an import that failed.
  func fail() {
    bar.finish()
    let (summary, indexing) = state.withLock { ($0.summary, $0.indexing) }
    if let indexing { return indexing.watch.end() }
    // Of a file that cannot be opened there is nothing to say.
    guard summary.batches > 0 else { return }
    warn(summary)
    let isBuiltOnce = (try? collection.configuration().index.isBuiltOnce) == true
    Console.message(
      "\(Format.plural(summary.rows, "row")) before the failure \(Format.were(summary.rows)) imported and "
        + "\(summary.rows == 1 ? "stays" : "stay") (\(counts(summary))); "
        + (isBuiltOnce
          ? "an import that ends well builds the index" : "`seamstone compact` makes the index"))
  }

  private func report(_ summary: ImportSummary) {
    warn(summary)
    let seconds = Clock.seconds(since: start)
    let rate = Int(Double(summary.rows) / max(seconds, 1e-9))
    Console.message(
      "Imported \(Format.plural(summary.rows, "row")) in \(Format.duration(seconds)) "
        + "(\(Format.count(rate))/s), durable: \(counts(summary))")
  }

  private func counts(_ summary: ImportSummary) -> String {
    "\(Format.count(summary.inserted)) new, \(Format.count(summary.replaced)) replaced"
  }

  private func warn(_ summary: ImportSummary) {
    let rows = summary.withoutVector
    guard let first = rows.firstRow else { return }
    var text =
      "\(Format.plural(rows.count, "row")) \(rows.count == 1 ? "has" : "have") no vector, the first is row \(first): "
      + "no search for neighbours finds \(rows.count == 1 ? "it" : "them")"
    if let lookalike = rows.lookalike {
      text +=
        ". Its property \"\(Describe.oneLine(lookalike.name))\" is a list of "
        + "\(Format.plural(lookalike.count, "number")); a vector is called \"vector\""
    }
    Console.warning(text)
  }
}
