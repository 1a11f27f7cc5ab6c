import StorageIO

/// Runs the same work on several threads of the store's own and waits for all of them.
enum ParallelWork {
  static func run(
    count: Int, _ body: @escaping @Sendable (Int) -> Void
  ) throws(StoreError) {
    var threads: [PosixThread] = []
    // The calling thread is one of the workers.
    for worker in 1..<max(count, 1) {
      threads.append(
        try PosixThread.start(name: "seam-query-\(worker)", stackSize: 1 << 20) { body(worker) })
    }
    body(0)
    for thread in threads { thread.join() }
  }
}
