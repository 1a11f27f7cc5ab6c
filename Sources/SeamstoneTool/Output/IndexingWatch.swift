import Seamstone

/// Shows how far the work on a collection's index is while somebody waits for it.
struct IndexingWatch {
  private let bar: ProgressBar
  private let task: Task<Void, Never>?

  /// Begins to watch.
  init(_ collection: Collection, title: String) {
    let bar = ProgressBar(title)
    self.bar = bar
    guard Terminal.isErrorInteractive else {
      task = nil
      return
    }
    let stream = collection.indexing
    task = Task {
      for await progress in stream where progress.phase != .idle {
        bar.update(fraction: progress.fraction)
      }
    }
  }

  /// Stops watching and removes the bar.
  func end() {
    task?.cancel()
    bar.finish()
  }

  /// Watches while `body` runs.
  static func run<Result>(
    _ collection: Collection, title: String, _ body: () throws -> Result
  ) rethrows -> Result {
    let watch = IndexingWatch(collection, title: title)
    defer { watch.end() }
    return try body()
  }
}
