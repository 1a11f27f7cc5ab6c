import Seamstone

/// Shows how far the work on a collection's index is while something else waits for it.
struct IndexingWatch {
  /// Runs `body`, showing a bar meanwhile.
  static func run<Result>(
    _ collection: Collection, title: String = "index", _ body: () throws -> Result
  ) rethrows -> Result {
    guard Terminal.isErrorInteractive else { return try body() }
    let bar = ProgressBar(title)
    let stream = collection.indexing
    let task = Task {
      for await progress in stream where progress.phase != .idle {
        bar.update(fraction: progress.fraction)
      }
    }
    defer {
      task.cancel()
      bar.finish()
    }
    return try body()
  }
}
